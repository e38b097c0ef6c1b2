package io.flaredb.pd;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Which stores were heard of lately. By a clock that only goes forward, hence not durable: after a
 * restart a store counts as gone until it is heard of again. Thread-safe.
 */
final class Liveness {
    private final LongSupplier nanoClock;
    private final long limitNanos;
    private final Map<Long, Long> heardNanos = new ConcurrentHashMap<>();

    Liveness(LongSupplier nanoClock, Duration limit) {
        this.nanoClock = nanoClock;
        this.limitNanos = limit.toNanos();
    }

    void heardOf(long storeId) {
        heardNanos.put(storeId, nanoClock.getAsLong());
    }

    boolean isUp(long storeId) {
        Long heard = heardNanos.get(storeId);
        return heard != null && nanoClock.getAsLong() - heard <= limitNanos;
    }
}
