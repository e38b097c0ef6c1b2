package io.flaredb.it.torture;

import io.flaredb.client.CorruptionException;
import io.flaredb.client.FlareDb;
import io.flaredb.client.TimestampRange;
import io.flaredb.client.UnavailableException;
import io.flaredb.it.torture.Tally.End;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Clients that take timestamps, a few at a time. Each must be above all that any of them had before
 * it was asked for, and none may come twice.
 */
final class TimestampLoad {
    private static final int MOST_AT_ONCE = 100;
    private static final double PER_SECOND = 25;

    private final Tally tally;
    private final Problems problems;
    private final AtomicLong highest = new AtomicLong();
    private final Queue<TimestampRange> given = new ConcurrentLinkedQueue<>();
    private final LoadThreads threads;

    /** Starts a thread for each client. */
    TimestampLoad(List<FlareDb> clients, long seed, Tally tally, Problems problems) {
        this.tally = tally;
        this.problems = problems;
        this.threads = new LoadThreads(problems);
        SplittableRandom random = new SplittableRandom(seed);
        for (FlareDb client : clients) {
            SplittableRandom own = random.split();
            threads.add("timestamps", PER_SECOND, () -> take(client, own.nextInt(1, MOST_AT_ONCE)));
        }
    }

    private void take(FlareDb client, int count) {
        long before = highest.get();
        try {
            TimestampRange range = client.tso().next(count);
            highest.accumulateAndGet(range.last(), Math::max); // 46 bits of time: below 2^63
            given.add(range);
            tally.count(Tally.Kind.TIMESTAMPS, End.ACKNOWLEDGED);
            if (range.first() <= before) {
                repeated(range + " was given after " + before);
            }
        } catch (UnavailableException e) { // a timestamp that is not given breaks no promise
            tally.count(Tally.Kind.TIMESTAMPS, End.FAILED);
        } catch (CorruptionException e) {
            repeated(e.getMessage());
        }
    }

    private void repeated(String text) {
        problems.report(Problems.Kind.REPEATED_TIMESTAMP, text);
    }

    /** Ends the threads, then compares each timestamp with every other one. */
    void end() throws InterruptedException {
        threads.end();
        List<TimestampRange> sorted = new ArrayList<>(given);
        sorted.sort(Comparator.comparingLong(TimestampRange::first));
        for (int i = 1; i < sorted.size(); i++) {
            if (sorted.get(i).first() <= sorted.get(i - 1).last()) {
                repeated(sorted.get(i - 1) + " overlaps " + sorted.get(i));
            }
        }
    }
}
