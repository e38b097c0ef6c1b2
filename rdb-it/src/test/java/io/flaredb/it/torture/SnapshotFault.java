package io.flaredb.it.torture;

import io.flaredb.bytes.Bytes;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/**
 * A server is down while so much is written that the others cut their logs; now and then it comes
 * back without its data, as a new one.
 */
final class SnapshotFault implements Fault {
    /** Few, since writes that wait share an entry of the log, and entries are what counts. */
    private static final int IN_FLIGHT = 4;

    @Override
    public Deed begin(TortureCluster cluster, RandomGenerator random) throws Exception {
        boolean wiped = random.nextInt(3) == 0;
        List<Machine> victims = Victims.one(cluster, random);
        if (!cluster.damaged().stream().allMatch(victims::contains)) {
            wiped = false; // that one may have to be wiped as well, see FlipFault
        }
        victims.forEach(victim -> victim.node().kill());
        // The log keeps what lies before the last cut but one.
        int writes = 3 * TortureCluster.SNAPSHOT_AFTER;
        int missed = 0;
        for (int region = 0; region < cluster.regions(); region++) {
            missed += write(cluster, region, writes);
        }
        if (wiped) {
            victims.forEach(Machine::wipe);
        }
        String text =
                "%s %s and misses %d writes"
                        .formatted(
                                Victims.names(victims),
                                wiped ? "loses its data" : "is down",
                                missed);
        return new Deed(text, !victims.isEmpty());
    }

    /**
     * Writes one region until a write fails: then another fault keeps it from being written, and to
     * wait for each write's deadline would take longer than all other faults.
     *
     * @return how many were acknowledged
     */
    private static int write(TortureCluster cluster, int region, int writes)
            throws InterruptedException {
        Semaphore window = new Semaphore(IN_FLIGHT);
        AtomicInteger acknowledged = new AtomicInteger();
        AtomicBoolean failed = new AtomicBoolean();
        for (int i = 0; i < writes && !failed.get(); i++) {
            window.acquire();
            cluster.operator()
                    .raw()
                    .async()
                    .put(
                            Bytes.utf8(KeyRing.keyOf(region, "missed" + i % 100)),
                            Bytes.utf8("value " + i))
                    .whenComplete((done, failure) -> {
                        if (failure == null) {
                            acknowledged.incrementAndGet();
                        } else {
                            failed.set(true);
                        }
                        window.release();
                    });
        }
        window.acquire(IN_FLIGHT);
        return acknowledged.get();
    }
}
