package io.flaredb.client.remote;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Stores that lately did not answer. They are asked last, whoever names them as leader: followers
 * and the placement driver notice the death of a leader only after a while. A suspicion passes by
 * itself, or with the store's next answer. Thread-safe.
 */
final class Suspects {
    /** A store that is down refuses at once, so that trying it again costs little. */
    private static final long REFUSED_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    /** One that hangs costs a wait each time. */
    private static final long HANGING_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Map<Long, Long> untilNanos = new ConcurrentHashMap<>(); // of System.nanoTime

    /** A call to the store failed. */
    void addFailing(long storeId) {
        long until = System.nanoTime() + REFUSED_NANOS;
        untilNanos.merge(storeId, until, (a, b) -> a - b > 0 ? a : b);
    }

    /** The store has not answered for too long. */
    void addHanging(long storeId) {
        untilNanos.put(storeId, System.nanoTime() + HANGING_NANOS);
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
