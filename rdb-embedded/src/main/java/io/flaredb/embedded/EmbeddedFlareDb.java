package io.flaredb.embedded;

import com.google.protobuf.ByteString;
import io.flaredb.bytes.Bytes;
import io.flaredb.client.CorruptionException;
import io.flaredb.client.RefusedException;
import io.flaredb.client.UnavailableException;
import io.flaredb.client.retry.Timer;
import io.flaredb.client.spi.Backend;
import io.flaredb.client.spi.EmbeddedProvider;
import io.flaredb.pd.PlacementDriver;
import io.flaredb.pd.PlacementDriverOptions;
import io.flaredb.proto.meta.Region;
import io.flaredb.server.StoreNode;
import io.flaredb.server.StoreOptions;
import io.flaredb.server.placement.PlacementException;
import io.flaredb.server.region.RegionPeer;
import io.flaredb.storage.DataFolders;
import io.flaredb.storage.StorageEngine;
import io.flaredb.storage.StorageException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/**
 * Opens a placement driver and a store in {@code DIR/pd} and {@code DIR/store}, the layout of
 * {@code flaredb dev}: what was written here can be served there, and the other way round.
 */
public final class EmbeddedFlareDb implements EmbeddedProvider {
    /** A store without a network has no address. */
    private static final String NO_ADDRESS = "";

    /** The log since the last flush is applied at the start. */
    private static final Duration START_LIMIT = Duration.ofMinutes(5);

    private final PlacementDriverOptions driverOptions = PlacementDriverOptions.defaults();
    private final StoreOptions storeOptions = StoreOptions.defaults();

    /** For {@link java.util.ServiceLoader}. */
    public EmbeddedFlareDb() {}

    @Override
    public Backend open(Path dataDir, Timer timer) {
        refuseIfInterrupted(dataDir); // else the first lock file says so, in its own words
        try {
            makeFolder(dataDir);
            FatalFailure fatal = new FatalFailure();
            PlacementDriver driver =
                    PlacementDriver.open(dataDir.resolve("pd"), driverOptions, fatal);
            try {
                return openStore(dataDir.resolve("store"), driver, fatal, timer);
            } catch (RuntimeException e) {
                driver.close();
                throw e;
            }
        } catch (io.flaredb.storage.CorruptionException e) {
            throw new CorruptionException(String.valueOf(e.getMessage()), e);
        } catch (StorageException | PlacementException e) {
            throw new RefusedException(String.valueOf(e.getMessage()), e);
        }
    }

    private Backend openStore(
            Path dataDir, PlacementDriver driver, FatalFailure fatal, Timer timer) {
        if (!DataFolders.isOne(dataDir) && !driver.stores().isEmpty()) {
            // A new one would hold nothing, and the cluster would know it for good.
            throw new RefusedException(
                    "data folder "
                            + dataDir
                            + " is not there, but its placement driver knows a store: its records"
                            + " are elsewhere, and an embedded store has no others");
        }
        StoreNode node = StoreNode.open(dataDir, storeOptions, fatal);
        try {
            if (node.identity().storeId() != 0) { // before the cluster hears of it
                requireAllHere(dataDir, node);
            }
            int missing = node.join(new InProcessPlacement(driver), NO_ADDRESS);
            if (missing > 0) {
                throw new RefusedException(
                        "data folder "
                                + dataDir
                                + " belongs to a cluster that waits for "
                                + missing
                                + " more stores: an embedded store has no others");
            }
            requireAllHere(dataDir, node);
            node.start();
            boolean started = node.awaitLeaders(START_LIMIT);
            refuseIfInterrupted(dataDir);
            if (!started) {
                throw new UnavailableException(
                        "the embedded store in %s has not started after %d minutes"
                                .formatted(dataDir, START_LIMIT.toMinutes()));
            }
            return new EmbeddedBackend(
                    new EmbeddedStore(driver, node, fatal, storeOptions.reads(), timer));
        } catch (RuntimeException e) {
            node.close();
            throw e;
        }
    }

    private static void refuseIfInterrupted(Path dataDir) {
        if (Thread.currentThread().isInterrupted()) {
            throw new UnavailableException("interrupted while opening " + dataDir);
        }
    }

    /** Reads go straight to the records: every key must be here, and on no other store. */
    private static void requireAllHere(Path dataDir, StoreNode node) {
        Bytes covered = Bytes.EMPTY; // all keys below it are here
        for (Region region : regionsByKey(node)) {
            int replicas = region.getPeersCount();
            if (replicas != 1) {
                throw new RefusedException(
                        "data folder %s holds one of %d replicas of region %s: an embedded store has no others"
                                .formatted(
                                        dataDir, replicas, Long.toUnsignedString(region.getId())));
            }
            if (!bytes(region.getStartKey()).equals(covered)) {
                throw notHere(dataDir, covered);
            }
            if (region.getEndKey().isEmpty()) {
                return;
            }
            covered = bytes(region.getEndKey());
        }
        throw notHere(dataDir, covered);
    }

    /** The regions of which the store will have a replica, once it is started. */
    private static List<Region> regionsByKey(StoreNode node) {
        StorageEngine engine = node.engine();
        return engine.regions().entrySet().stream()
                .filter(stored -> !engine.replicas().isBeingDestroyed(stored.getKey()))
                .map(stored -> RegionPeer.parse(stored.getKey(), stored.getValue()))
                .filter(region -> RegionPeer.peerOn(region, node.identity().storeId()) != null)
                .sorted(Comparator.comparing(region -> bytes(region.getStartKey())))
                .toList();
    }

    private static Bytes bytes(ByteString key) {
        return Bytes.wrap(key.toByteArray());
    }

    private static RefusedException notHere(Path dataDir, Bytes key) {
        return new RefusedException(
                "data folder "
                        + dataDir
                        + " lacks keys of its cluster, from "
                        + key
                        + " on: an embedded store has no others to ask");
    }

    /** A folder full of something else is more likely a slip than a wish. */
    private static void makeFolder(Path dataDir) {
        try {
            Files.createDirectories(dataDir);
            if (Files.exists(dataDir.resolve("pd")) || Files.exists(dataDir.resolve("store"))) {
                return;
            }
            try (DirectoryStream<Path> files = Files.newDirectoryStream(dataDir)) {
                for (Path file : files) {
                    throw new RefusedException(
                            "data folder "
                                    + dataDir
                                    + " holds \""
                                    + file.getFileName()
                                    + "\" but no FlareDB: allowed are an empty folder, or one that"
                                    + " FlareDB has made");
                }
            }
        } catch (IOException e) {
            throw new RefusedException("data folder " + dataDir + " cannot be used: " + e, e);
        }
    }
}
