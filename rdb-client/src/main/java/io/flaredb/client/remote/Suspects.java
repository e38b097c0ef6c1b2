package io.flaredb.client.remote;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Stores that lately did not answer, and those that did not hold a region, as far as that region
 * goes. They are asked last, whoever names them as leader: followers and the placement driver
 * notice the death of a leader only after a while. A suspicion passes by itself, or with the
 * store's next answer: soon enough for the operation that met it to ask the store again, which may
 * have stalled for a moment only. Thread-safe.
 */
final class Suspects {
    private static final long ALL_REGIONS = 0; // no region has this id

    /** A store, asked about one region or any. */
    private record Suspect(long storeId, long regionId) {}

    /** A store that is down refuses at once, so that trying it again costs little. */
    private static final long REFUSED_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private static final int REFUSED_PART = 8; // of the timeout, at most

    /** One that hangs costs a wait each time. */
    private static final long HANGING_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final int HANGING_PART = 4; // of the timeout, at most

    private final Map<Suspect, Long> untilNanos = new ConcurrentHashMap<>(); // of System.nanoTime

    /**
     * A call to the store failed.
     *
     * @param timeoutNanos of the operation, in all
     */
    void addFailing(long storeId, long timeoutNanos) {
        add(storeId, ALL_REGIONS, Math.min(REFUSED_NANOS, timeoutNanos / REFUSED_PART));
    }

    /**
     * The store has not answered for too long.
     *
     * @param timeoutNanos of the operation, in all
     */
    void addHanging(long storeId, long timeoutNanos) {
        add(storeId, ALL_REGIONS, Math.min(HANGING_NANOS, timeoutNanos / HANGING_PART));
    }

    /**
     * The store does not hold the region; this says nothing of others.
     *
     * @param timeoutNanos of the operation, in all
     */
    void addLacking(long storeId, long regionId, long timeoutNanos) {
        add(storeId, regionId, Math.min(REFUSED_NANOS, timeoutNanos / REFUSED_PART));
    }

    private void add(long storeId, long regionId, long nanos) {
        long now = System.nanoTime();
        untilNanos.values().removeIf(until -> until - now <= 0); // else they would add up
        untilNanos.merge(new Suspect(storeId, regionId), now + nanos, (a, b) -> a - b > 0 ? a : b);
    }

    /** The store has answered a request about the region. */
    void clear(long storeId, long regionId) {
        if (!untilNanos.isEmpty()) {
            untilNanos.remove(new Suspect(storeId, ALL_REGIONS));
            untilNanos.remove(new Suspect(storeId, regionId));
        }
    }

    /** Whether the store is to be asked about the region only for want of another. */
    boolean contains(long storeId, long regionId) {
        return !untilNanos.isEmpty()
                && (contains(new Suspect(storeId, ALL_REGIONS))
                        || contains(new Suspect(storeId, regionId)));
    }

    private boolean contains(Suspect suspect) {
        Long until = untilNanos.get(suspect);
        return until != null && until - System.nanoTime() > 0;
    }
}
