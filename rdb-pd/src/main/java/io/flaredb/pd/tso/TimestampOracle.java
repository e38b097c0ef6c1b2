package io.flaredb.pd.tso;

import static java.lang.Long.compareUnsigned;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands out timestamps, each greater than every one handed out before it, packed as {@link
 * TimestampLayout} says. The rules are those of the design notes (TSO), in order of importance:
 *
 * <ol>
 *   <li>Every timestamp given out is below a bound that was durable first. A start begins at the
 *       last bound, so what an earlier life gave out is never given out again.
 *   <li>A full counter carries into the milliseconds: timestamps run ahead of the clock rather than
 *       wait for it.
 *   <li>The bound is raised ahead of need by a thread of its own; a caller never waits for a disk.
 *   <li>A clock that jumps back changes nothing. One that jumps ahead of the bound (or a process
 *       that was paused) is followed once a bound above it is durable; until then counting goes on
 *       below the old bound.
 *   <li>When the bound cannot be raised, answers stop there, and go on once it can.
 * </ol>
 *
 * <p>Thread-safe. Allocation is one compare-and-set: no lock, no garbage, no I/O.
 */
public final class TimestampOracle implements AutoCloseable {
    /** Most timestamps in one request: a whole millisecond. */
    public static final int MAX_COUNT = TimestampLayout.PER_MILLI;

    private static final Logger LOG = LoggerFactory.getLogger(TimestampOracle.class);

    /** Above every timestamp: never given out, so it works as an exclusive bound. */
    private static final long END = -1L;

    private static final long RETRY_NANOS = Duration.ofMillis(100).toNanos();

    private final BoundStore store;
    private final WallClock clock;
    private final long window; // in timestamps
    private final long lowWater; // raise the bound once fewer are left below it
    private final long idleNanos;
    private final Thread extender;

    /** The first timestamp not given out; {@link #END} once closed or used up. */
    private final AtomicLong next;

    /** Durable; what is given out is below it. Written by start, then by the extender only. */
    private volatile long bound;

    /** The extender was woken and has not looked yet. Saves a wake-up per request. */
    private volatile boolean wanted;

    /** Why the last attempt to raise the bound failed. Written by the extender only. */
    private volatile @Nullable RuntimeException failure;

    private volatile boolean closed;

    private TimestampOracle(BoundStore store, WallClock clock, Duration ahead, long firstFree) {
        this.store = store;
        this.clock = clock;
        this.window = TimestampLayout.firstOf(ahead.toMillis());
        this.lowWater = window / 2;
        this.idleNanos = ahead.toNanos() / 4;
        this.next = new AtomicLong(firstFree);
        this.bound = firstFree;
        this.extender = new Thread(this::extendUntilClosed, "tso-bound");
        extender.setDaemon(true);
    }

    /**
     * Loads the last bound, makes a higher one durable, and is ready to allocate.
     *
     * @param ahead how far the bound runs ahead of what is given out, 10 ms to 1 hour; a stall of
     *     the disk for less than half of it is not noticed, and a restart may put timestamps this
     *     far ahead of the clock
     * @throws RuntimeException what {@code store} throws, if it cannot be read or written
     */
    public static TimestampOracle start(BoundStore store, WallClock clock, Duration ahead) {
        TimestampOracle oracle = load(store, clock, ahead);
        oracle.extender.start();
        return oracle;
    }

    /** Like {@link #start}, but nobody raises the bound any further. */
    static TimestampOracle load(BoundStore store, WallClock clock, Duration ahead) {
        if (ahead.toMillis() < 10 || ahead.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException(
                    "tso.ahead is " + ahead + ": allowed are 10 ms to 1 hour");
        }
        // 0 is no timestamp, even if the clock says 1970.
        long firstFree = maxUnsigned(store.load(), 1);
        TimestampOracle oracle = new TimestampOracle(store, clock, ahead, firstFree);
        oracle.raiseBound();
        return oracle;
    }

    /**
     * Gives out {@code count} timestamps in a row.
     *
     * @param count 1 to {@link #MAX_COUNT}
     * @return the first; the others are the numbers that follow it
     * @throws IllegalArgumentException if {@code count} is out of range
     * @throws TimestampsUnavailableException if no bound above them is durable
     */
    public long allocate(int count) {
        if (count < 1 || count > MAX_COUNT) {
            throw new IllegalArgumentException(
                    "count is " + count + ": allowed are 1 to " + MAX_COUNT);
        }
        for (; ; ) {
            long limit = bound;
            long from = next.get();
            long byClock = clockFloor();
            long first = maxUnsigned(from, byClock);
            if (!fits(first, count, limit)) {
                first = from; // The clock is ahead of the bound: count on below it.
                if (!fits(first, count, limit)) {
                    wakeExtender();
                    throw unavailable();
                }
            }
            long end = first + count;
            if (next.compareAndSet(from, end)) {
                if (isLow(limit, maxUnsigned(end, byClock))) {
                    wakeExtender();
                }
                return first;
            }
        }
    }

    /**
     * Gives out nothing more, and returns when the extender has ended; a disk that stalls holds it
     * up. An interrupt cuts the wait short and stays set. A second time does nothing.
     */
    @Override
    public void close() {
        closed = true;
        // A caller between its checks and its compare-and-set must fail too: once the data folder
        // is someone else's, a timestamp from here would be behind theirs.
        next.set(END);
        LockSupport.unpark(extender);
        try {
            extender.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void extendUntilClosed() {
        while (!closed) {
            if (tryRaiseBound()) {
                wanted = false;
                if (!isLow(bound, maxUnsigned(next.get(), clockFloor()))) {
                    LockSupport.parkNanos(idleNanos);
                }
            } else {
                // "wanted" stays set: no request may turn the pause into a busy loop.
                LockSupport.parkNanos(RETRY_NANOS);
            }
        }
    }

    /** Whether the bound is as high as it should be now. */
    private boolean tryRaiseBound() {
        try {
            raiseBound();
            if (failure != null) {
                LOG.info("timestamps are available again");
                failure = null;
            }
            return true;
        } catch (RuntimeException e) {
            if (failure == null) {
                LOG.warn(
                        "cannot make a new timestamp bound durable, trying again: {}",
                        e.getMessage());
            }
            failure = e;
            return false;
        }
    }

    private void raiseBound() {
        long from = next.get();
        if (from == END) {
            return; // Closed: to take END for a timestamp would leave none to the next life.
        }
        long used = maxUnsigned(from, clockFloor());
        if (!isLow(bound, used)) {
            return;
        }
        long raised = compareUnsigned(used, END - window) < 0 ? used + window : END;
        store.persist(raised);
        bound = raised; // after it is durable, never before
    }

    private boolean isLow(long limit, long used) {
        if (limit == END) {
            return false; // nothing to raise it to
        }
        return compareUnsigned(used, limit) >= 0 || compareUnsigned(limit - used, lowWater) < 0;
    }

    private static boolean fits(long first, int count, long limit) {
        long end = first + count;
        boolean wrapped = compareUnsigned(end, first) < 0;
        return !wrapped && compareUnsigned(end, limit) <= 0;
    }

    private void wakeExtender() {
        if (!wanted) {
            wanted = true;
            LockSupport.unpark(extender);
        }
    }

    /**
     * The first timestamp of the clock's millisecond. A clock outside the 46 bits is surely wrong;
     * to follow it would use up every timestamp there is.
     */
    private long clockFloor() {
        long millis = clock.millis();
        return millis >= 0 && millis <= TimestampLayout.MAX_MILLIS
                ? TimestampLayout.firstOf(millis)
                : 0;
    }

    private TimestampsUnavailableException unavailable() {
        if (closed) {
            return new TimestampsUnavailableException(
                    "no timestamps: the placement driver is closed", null);
        }
        if (bound == END) {
            return new TimestampsUnavailableException(
                    "no timestamps: all there can be are used up", null);
        }
        RuntimeException cause = failure;
        String why = cause == null ? "the disk has not answered yet" : cause.getMessage();
        return new TimestampsUnavailableException(
                "no timestamps: a higher bound is not durable: " + why, cause);
    }

    private static long maxUnsigned(long a, long b) {
        return compareUnsigned(a, b) >= 0 ? a : b;
    }
}
