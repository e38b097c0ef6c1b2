package io.flaredb.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flaredb.bytes.Bytes;
import io.flaredb.client.FlareDb;
import io.flaredb.it.process.FlareProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Servers that miss so much that the others have cut their log meanwhile: they get the whole region
 * from another one.
 */
class SnapshotCatchUpIT {
    private static final int WRITES = Integer.getInteger("flaredb.it.missedWrites", 10_000);

    /** The log is cut each time when it has grown by 64 MiB, up to where it was cut before. */
    private static final long MISSED_BYTES = 160L << 20;

    private static final int SERVERS = 3;
    private static final int IN_FLIGHT = 128;

    /** More than can be under way when a leader changes, some times over. */
    private static final int MOST_FAILURES = 4 * IN_FLIGHT;

    private static final Bytes KEY = Bytes.utf8("k");

    @TempDir Path folder;

    @Test
    void aServerThatWasDownAndOneThatLostItsDataHoldTheSameAsTheOthers() throws Exception {
        try (ReplicatedCluster cluster = new ReplicatedCluster(folder, SERVERS)) {
            FlareDb db = cluster.client(Duration.ofSeconds(20));
            db.raw().put(KEY, KEY);
            db.cas().put(KEY, 0, KEY);
            int down = (Replicas.leader(cluster, db, KEY) + 1) % SERVERS;
            cluster.kill(down);
            write(cluster, db, (int) Math.max(100, MISSED_BYTES / WRITES));
            db.raw().delete(KEY);
            db.cas().put(KEY, 1, Bytes.utf8("changed meanwhile"));

            cluster.start(down);

            Replicas.awaitConsistent(cluster, db, SERVERS);
            assertInstalled(cluster, down);

            int wiped = (Replicas.leader(cluster, db, KEY) + 1) % SERVERS;
            long before = cluster.storeId(wiped);
            cluster.kill(wiped);
            cluster.wipe(wiped);
            db.raw().put(KEY, Bytes.utf8("written while two were left"));

            cluster.start(wiped);

            await("place of the wiped store in " + cluster)
                    .atMost(FlareProcess.DEADLINE)
                    .until(() ->
                            Replicas.of(db, KEY).peerStoreIds().contains(cluster.storeId(wiped)));
            Replicas.awaitConsistent(cluster, db, SERVERS);
            assertInstalled(cluster, wiped);
            assertThat(cluster.storeId(wiped)).isNotEqualTo(before);
            assertThat(Replicas.of(db, KEY).peerStoreIds()).doesNotContain(before);
            db.cluster().transferLeader(Replicas.of(db, KEY).id(), cluster.storeId(wiped));
            assertThat(db.raw().get(KEY)).contains(Bytes.utf8("written while two were left"));
        }
    }

    private static void assertInstalled(ReplicatedCluster cluster, int server) {
        assertThat(cluster.log(server)).contains("installed from");
    }

    /**
     * Many small or few large values; they don't compress. On a busy machine the leader may change
     * meanwhile, so what was not acknowledged is written once more.
     */
    private static void write(ReplicatedCluster cluster, FlareDb db, int valueBytes)
            throws InterruptedException {
        Random random = new Random(1);
        Semaphore window = new Semaphore(IN_FLIGHT);
        Queue<Bytes> again = new ConcurrentLinkedQueue<>();
        for (int i = 0; i < WRITES; i++) {
            byte[] value = new byte[valueBytes];
            random.nextBytes(value);
            Bytes key = Bytes.utf8("missed/" + i);
            window.acquire();
            if (again.size() > MOST_FAILURES) { // each waits its timeout: that would take for ever
                throw new AssertionError("nobody takes writes: " + cluster);
            }
            db.raw()
                    .async()
                    .put(key, Bytes.wrap(value))
                    .whenComplete((done, failure) -> {
                        if (failure != null) {
                            again.add(key);
                        }
                        window.release();
                    });
        }
        window.acquire(IN_FLIGHT);
        again.forEach(key -> db.raw().put(key, key));
    }
}
