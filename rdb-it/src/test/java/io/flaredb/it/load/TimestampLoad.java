package io.flaredb.it.load;

import io.flaredb.client.FlareDb;
import io.flaredb.client.TimestampRange;
import io.flaredb.client.UnavailableException;
import io.flaredb.it.load.Findings.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * Threads that take timestamps and go on whatever happens. Each timestamp must be above all that
 * any thread had before it was asked for, and none may come twice.
 */
public final class TimestampLoad implements AutoCloseable {
    private static final int MAX_COUNT = 100;

    private final Findings findings;
    private final Workers workers;
    private final AtomicLong highest = new AtomicLong();
    private final Queue<TimestampRange> given = new ConcurrentLinkedQueue<>();

    /**
     * Starts the threads.
     *
     * @param clients must be closed by the caller, after the load
     */
    public TimestampLoad(
            List<FlareDb> clients, int threadsPerClient, Findings findings, long seed) {
        this.findings = findings;
        workers = new Workers(findings);
        SplittableRandom random = new SplittableRandom(seed);
        for (FlareDb client : clients) {
            for (int i = 0; i < threadsPerClient; i++) {
                RandomGenerator threadsOwn = random.split();
                workers.add("timestamps", () -> take(client, threadsOwn));
            }
        }
    }

    private void take(FlareDb client, RandomGenerator random) {
        long before = highest.get();
        try {
            TimestampRange range = client.tso().next(random.nextInt(1, MAX_COUNT));
            highest.accumulateAndGet(range.last(), Math::max); // 46 bits of time: below 2^63
            given.add(range);
            findings.timestamps(range.count());
            if (range.first() <= before) {
                findings.report(Kind.WRONG_TIMESTAMP, range + " was given after " + before);
            }
        } catch (UnavailableException e) {
            // The PD is down or busy: a timestamp that is not given breaks no promise.
        }
    }

    /** Ends the threads, then compares each timestamp with every other one. */
    @Override
    public void close() throws InterruptedException {
        workers.close();
        List<TimestampRange> sorted = new ArrayList<>(given);
        sorted.sort(Comparator.comparingLong(TimestampRange::first));
        for (int i = 1; i < sorted.size(); i++) {
            if (sorted.get(i).first() <= sorted.get(i - 1).last()) {
                findings.report(
                        Kind.WRONG_TIMESTAMP, sorted.get(i - 1) + " overlaps " + sorted.get(i));
            }
        }
    }
}
