package io.flaredb.pd;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Which stores were heard of lately. By a clock that only goes forward, hence not durable: after a
 * restart a store is neither up nor known to be silent until it is heard of, or had the time to be.
 * Thread-safe.
 */
final class Liveness {
    private final LongSupplier nanoClock;
    private final long limitNanos;
    private final long startNanos;
    private final Map<Long, Long> heardNanos = new ConcurrentHashMap<>();

    Liveness(LongSupplier nanoClock, Duration limit) {
        this.nanoClock = nanoClock;
        this.limitNanos = limit.toNanos();
        this.startNanos = nanoClock.getAsLong();
    }

    void heardOf(long storeId) {
        heardNanos.put(storeId, nanoClock.getAsLong());
    }

    /** Heard of within the limit. */
    boolean isUp(long storeId) {
        Long heard = heardNanos.get(storeId);
        return heard != null && !isOver(heard);
    }

    /** Not heard of for longer than the limit, while there was someone to hear it. */
    boolean isSilent(long storeId) {
        Long heard = heardNanos.get(storeId);
        return isOver(heard == null ? startNanos : heard);
    }

    private boolean isOver(long sinceNanos) {
        return nanoClock.getAsLong() - sinceNanos > limitNanos;
    }
}
