package io.flaredb.it.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import io.flaredb.client.FlareDb;
import io.flaredb.client.FlareDbException;
import io.flaredb.client.FlareDbOptions;
import io.flaredb.client.KeyValue;
import io.flaredb.client.VersionedEntry;
import io.flaredb.it.cluster.Replicas;
import io.flaredb.it.cluster.ReplicatedCluster;
import io.flaredb.it.fault.FlippedBytes.Flip;
import io.flaredb.it.process.Cluster;
import io.flaredb.it.process.FlareProcess.Finished;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Bytes that rotted on the disk: the server refuses to start, or ends when it meets them, or they
 * are in what it does not need. It never answers wrongly.
 */
class FlippedBytesIT {
    private static final long SEED = Long.getLong("flaredb.it.seed", System.nanoTime());
    private static final int TRIES_OF_EACH_KIND = Integer.getInteger("flaredb.it.flips", 1);
    private static final String ALL_RIGHT = "all right";
    private static final int RECORDS = 500;
    private static final int SWAPS = 50;
    private static final int MOST_RECORDS = 10_000;
    private static final int VALUE_BYTES = 200;
    private static final int SERVERS = 3;
    private static final Duration OPERATION_TIMEOUT = Duration.ofSeconds(10);

    @TempDir Path folder;

    private final Random random = new Random(SEED);
    private final Map<Bytes, Bytes> written = new HashMap<>();

    /** One server, so nobody can repair it; each try begins with the same whole data folder. */
    @Test
    void neverAnswersWrongly() throws IOException {
        say("seed=" + SEED);
        int found = 0;
        Path whole = folder.resolve("whole");
        try (Cluster cluster = Cluster.started(folder)) {
            try (FlareDb db = connect(cluster)) {
                write(db);
            }
            cluster.terminateServer(); // what is written is in tables now
            cluster.start();
            try (FlareDb db = connect(cluster)) {
                write(db);
            }
            cluster.killServer(); // and the rest in the log
            copy(cluster.serverData(), whole);
            for (FlippedBytes kind : FlippedBytes.values()) {
                for (int i = 0; i < TRIES_OF_EACH_KIND; i++) {
                    renew(cluster, whole);
                    Flip flipped = kind.flip(cluster.serverData(), random).orElseThrow();
                    found += damageIsFound(cluster, kind + ", " + flipped) ? 1 : 0;
                }
            }
            // Each table's first block: records, entries of the log, the store's identity.
            for (Path table : tables(whole)) {
                renew(cluster, whole);
                Path damaged = cluster.serverData().resolve(whole.relativize(table).toString());
                byte[] bytes = Files.readAllBytes(damaged);
                bytes[bytes.length / 20] ^= 1;
                Files.write(damaged, bytes);
                found += damageIsFound(cluster, "first block of " + table.getFileName()) ? 1 : 0;
            }
        }
        // Some of it may be in files that are no longer needed, but not all.
        assertThat(found).as("damages found").isPositive();
    }

    private static void renew(Cluster cluster, Path whole) {
        delete(cluster.serverData());
        copy(whole, cluster.serverData());
    }

    private boolean damageIsFound(Cluster cluster, String flipped) {
        say(flipped);
        String outcome = startAndRead(cluster, flipped);
        say(outcome);
        return !outcome.equals(ALL_RIGHT);
    }

    private String startAndRead(Cluster cluster, String flipped) {
        if (!cluster.tryStartServer()) {
            Finished refusal = cluster.awaitServerEnd();
            assertThat(refusal.exitCode()).as(flipped + ": " + refusal).isEqualTo(1);
            assertThat(refusal.complaint()).as(flipped).contains("is damaged");
            return refusal.complaint();
        }
        try (FlareDb db = connect(cluster)) {
            assertThat(read(db)).as(flipped).isEqualTo(written);
        } catch (FlareDbException e) {
            Finished end = cluster.awaitServerEnd();
            assertThat(end.stderr()).as(flipped).contains("flaredb: cannot go on: ");
            return e.getMessage() + "; then it ended";
        }
        cluster.killServer();
        return ALL_RIGHT;
    }

    @Test
    void aWipedServerIsRebuiltByItsPeers() {
        try (ReplicatedCluster cluster = new ReplicatedCluster(folder, SERVERS)) {
            FlareDb db = cluster.client(Duration.ofSeconds(10));
            write(db);
            Replicas.awaitConsistent(cluster, db, SERVERS);
            int victim = 1;
            cluster.kill(victim);
            Flip flipped = FlippedBytes.MANIFEST.flip(cluster.data(victim), random).orElseThrow();

            Optional<Finished> refusal = cluster.tryStart(victim);

            assertThat(refusal).as(flipped.toString()).isPresent();
            assertThat(refusal.orElseThrow().complaint()).contains("is damaged");
            cluster.wipe(victim);
            cluster.start(victim);
            Replicas.awaitConsistent(cluster, db, SERVERS);
            assertThat(read(db)).isEqualTo(written);
        }
    }

    private static FlareDb connect(Cluster cluster) {
        return FlareDb.connect(
                cluster.pdAddress(), FlareDbOptions.defaults().withTimeout(OPERATION_TIMEOUT));
    }

    private void write(FlareDb db) {
        Map<Bytes, Bytes> raw = new HashMap<>();
        for (int i = 0; i < RECORDS; i++) {
            raw.put(Bytes.utf8("raw " + written.size() + "-" + i), value());
        }
        db.raw().batchPut(raw);
        written.putAll(raw);
        for (int i = 0; i < SWAPS; i++) {
            Bytes key = Bytes.utf8("swapped " + written.size());
            Bytes value = value();
            db.cas().put(key, 0, value);
            written.put(key, value);
        }
    }

    private Bytes value() {
        byte[] value = new byte[VALUE_BYTES];
        random.nextBytes(value);
        return Bytes.of(value);
    }

    private static Map<Bytes, Bytes> read(FlareDb db) {
        Map<Bytes, Bytes> found = new HashMap<>();
        for (KeyValue record : db.raw().scan(KeyRange.ALL, MOST_RECORDS)) {
            found.put(record.key(), record.value());
        }
        for (VersionedEntry record : db.cas().scan(KeyRange.ALL, MOST_RECORDS)) {
            found.put(record.key(), record.value());
        }
        return found;
    }

    private static void copy(Path from, Path to) {
        for (Path file : tree(from)) {
            try {
                Files.copy(
                        file,
                        to.resolve(from.relativize(file).toString()),
                        StandardCopyOption.COPY_ATTRIBUTES);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static List<Path> tables(Path folder) {
        return tree(folder).stream().filter(file -> file.toString().endsWith(".sst")).toList();
    }

    private static void delete(Path folder) {
        for (Path file : tree(folder).reversed()) {
            file.toFile().delete();
        }
    }

    /** A folder and all below it, each folder before what is in it. */
    private static List<Path> tree(Path folder) {
        try (Stream<Path> tree = Files.walk(folder)) {
            return tree.sorted(Comparator.naturalOrder()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SuppressWarnings("SystemOut") // the run's record, for the person who started it
    private static void say(String line) {
        System.out.println("flipped: " + line);
    }
}
