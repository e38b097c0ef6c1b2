package io.flaredb.it.torture;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/** Counts operations by kind and end, and when they were acknowledged. Thread-safe. */
final class Tally {
    /** What clients do. */
    enum Kind {
        CAS_PUT,
        CAS_DELETE,
        CAS_GET,
        CAS_BATCH,
        RAW_PUT,
        RAW_DELETE,
        RAW_GET,
        RAW_BATCH,
        TIMESTAMPS
    }

    /** How that ended. */
    enum End {
        /** Conflicts too: they are answers. */
        ACKNOWLEDGED,
        UNKNOWN,
        /** Surely without effect. */
        FAILED
    }

    private static final int SECONDS_OF_A_DAY = 24 * 60 * 60;

    private final AtomicLongArray counts =
            new AtomicLongArray(Kind.values().length * End.values().length);
    private final AtomicLongArray bySecond;
    private final AtomicLongArray byRegion;
    private final AtomicLong lastNanos = new AtomicLong();
    private final AtomicLong longestGapNanos = new AtomicLong();
    private final AtomicLong resolved = new AtomicLong();
    private final long startNanos = System.nanoTime();

    Tally(int regions) {
        byRegion = new AtomicLongArray(regions);
        bySecond = new AtomicLongArray(SECONDS_OF_A_DAY * 2);
    }

    /** An operation on a key has ended. */
    void ended(Kind kind, End end, int region) {
        count(kind, end);
        if (end == End.ACKNOWLEDGED) {
            byRegion.incrementAndGet(region);
            long now = nanos();
            bySecond.incrementAndGet((int) (now / 1_000_000_000L));
            long before = lastNanos.getAndAccumulate(now, Math::max);
            longestGapNanos.accumulateAndGet(now - before, Math::max);
        }
    }

    /** The same for what belongs to no region, which tells nothing of availability. */
    void count(Kind kind, End end) {
        counts.incrementAndGet(index(kind, end));
    }

    private static int index(Kind kind, End end) {
        return kind.ordinal() * End.values().length + end.ordinal();
    }

    long of(Kind kind, End end) {
        return counts.get(index(kind, end));
    }

    /** A write's outcome was unknown and has been found out. */
    void resolved() {
        resolved.incrementAndGet();
    }

    long resolvedSoFar() {
        return resolved.get();
    }

    /** Of all kinds that have keys. */
    long of(End end) {
        long sum = 0;
        for (Kind kind : Kind.values()) {
            sum += kind == Kind.TIMESTAMPS ? 0 : of(kind, end);
        }
        return sum;
    }

    long tried() {
        return of(End.ACKNOWLEDGED) + of(End.UNKNOWN) + of(End.FAILED);
    }

    long acknowledgedIn(int region) {
        return byRegion.get(region);
    }

    /** Since the start. */
    long nanos() {
        return System.nanoTime() - startNanos;
    }

    /** Longest time without an acknowledged operation of any client. */
    long longestGapMillis() {
        return longestGapNanos.get() / 1_000_000;
    }

    /** Acknowledged operations of each second so far. */
    long[] perSecond() {
        long[] seconds = new long[(int) (nanos() / 1_000_000_000L)];
        for (int i = 0; i < seconds.length; i++) {
            seconds[i] = bySecond.get(i);
        }
        return seconds;
    }
}
