package io.flaredb.client.remote;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Stores that lately did not answer. They are asked last, whoever names them as leader: followers
 * and the placement driver notice the death of a leader only after a while. A suspicion passes by
 * itself, or with the store's next answer: soon enough for the operation that met it to ask the
 * store again, which may have stalled for a moment only. Thread-safe.
 */
final class Suspects {
    /** A store that is down refuses at once, so that trying it again costs little. */
    private static final long REFUSED_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private static final int REFUSED_PART = 8; // of the timeout, at most

    /** One that hangs costs a wait each time. */
    private static final long HANGING_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final int HANGING_PART = 4; // of the timeout, at most

    private final Map<Long, Long> untilNanos = new ConcurrentHashMap<>(); // of System.nanoTime

    /**
     * A call to the store failed.
     *
     * @param timeoutNanos of the operation, in all
     */
    void addFailing(long storeId, long timeoutNanos) {
        add(storeId, Math.min(REFUSED_NANOS, timeoutNanos / REFUSED_PART));
    }

    /**
     * The store has not answered for too long.
     *
     * @param timeoutNanos of the operation, in all
     */
    void addHanging(long storeId, long timeoutNanos) {
        add(storeId, Math.min(HANGING_NANOS, timeoutNanos / HANGING_PART));
    }

    private void add(long storeId, long nanos) {
        long until = System.nanoTime() + nanos;
        untilNanos.merge(storeId, until, (a, b) -> a - b > 0 ? a : b);
    }

    /** The store has answered. */
    void clear(long storeId) {
        if (!untilNanos.isEmpty()) {
            untilNanos.remove(storeId);
        }
    }

    boolean contains(long storeId) {
        Long until = untilNanos.get(storeId);
        return until != null && until - System.nanoTime() > 0;
    }
}
