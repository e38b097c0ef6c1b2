package io.flaredb.it.torture;

import io.flaredb.bytes.Bytes;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.random.RandomGenerator;

/**
 * A server is down while so much is written that the others cut their logs; now and then it comes
 * back without its data, as a new one.
 */
final class SnapshotFault implements Fault {
    private static final int IN_FLIGHT = 64;

    @Override
    public String begin(TortureCluster cluster, RandomGenerator random) throws Exception {
        boolean wiped = random.nextInt(3) == 0;
        List<Machine> victims = Victims.one(cluster, random);
        victims.forEach(victim -> victim.node().kill());
        // The log keeps what lies before the last cut but one.
        int writes = 3 * TortureCluster.SNAPSHOT_AFTER;
        for (int region = 0; region < cluster.regions(); region++) {
            write(cluster, region, writes);
        }
        if (wiped) {
            victims.forEach(Machine::wipe);
        }
        return "%s %s and misses %d writes of each region"
                .formatted(Victims.names(victims), wiped ? "loses its data" : "is down", writes);
    }

    /**
     * What fails because of another fault is left out: it only takes longer to be too far behind.
     */
    private static void write(TortureCluster cluster, int region, int writes)
            throws InterruptedException {
        Semaphore window = new Semaphore(IN_FLIGHT);
        for (int i = 0; i < writes; i++) {
            window.acquire();
            cluster.operator()
                    .raw()
                    .async()
                    .put(
                            Bytes.utf8(KeyRing.keyOf(region, "missed" + i % 100)),
                            Bytes.utf8("value " + i))
                    .whenComplete((done, failure) -> window.release());
        }
        window.acquire(IN_FLIGHT);
    }
}
