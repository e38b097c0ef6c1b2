package io.flaredb.embedded;

import io.flaredb.client.CorruptionException;
import io.flaredb.client.RefusedException;
import io.flaredb.client.retry.Timer;
import io.flaredb.client.spi.Backend;
import io.flaredb.client.spi.EmbeddedProvider;
import io.flaredb.pd.PlacementDriver;
import io.flaredb.pd.PlacementDriverOptions;
import io.flaredb.server.StoreNode;
import io.flaredb.server.StoreOptions;
import io.flaredb.server.placement.PlacementException;
import io.flaredb.storage.StorageException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Opens a placement driver and a store in {@code DIR/pd} and {@code DIR/store}, the layout of
 * {@code flaredb dev}: what was written here can be served there, and the other way round.
 */
public final class EmbeddedFlareDb implements EmbeddedProvider {
    /** A store without a network has no address. */
    private static final String NO_ADDRESS = "";

    private final PlacementDriverOptions driverOptions = PlacementDriverOptions.defaults();
    private final StoreOptions storeOptions = StoreOptions.defaults();

    /** For {@link java.util.ServiceLoader}. */
    public EmbeddedFlareDb() {}

    @Override
    public Backend open(Path dataDir, Timer timer) {
        try {
            makeFolder(dataDir);
            PlacementDriver driver = PlacementDriver.open(dataDir.resolve("pd"), driverOptions);
            try {
                return openStore(dataDir.resolve("store"), driver, timer);
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

    private Backend openStore(Path dataDir, PlacementDriver driver, Timer timer) {
        FatalFailure fatal = new FatalFailure();
        StoreNode node = StoreNode.open(dataDir, storeOptions, fatal);
        try {
            node.join(new InProcessPlacement(driver), NO_ADDRESS, storeOptions.heartbeatInterval());
            return new EmbeddedBackend(
                    new EmbeddedStore(driver, node, fatal, storeOptions.reads(), timer));
        } catch (RuntimeException e) {
            node.close();
            throw e;
        }
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
