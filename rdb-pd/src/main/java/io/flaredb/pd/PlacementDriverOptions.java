package io.flaredb.pd;

import io.flaredb.pd.tso.WallClock;
import io.flaredb.storage.StorageOptions;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How a placement driver works.
 *
 * @param tsoAhead how far the durable bound runs ahead of the timestamps given out, 10 ms to 1 hour
 * @param storeUp a store heard of within this time counts as up
 * @param storage memory and threads of the data folder
 * @param wallClock for timestamps and for telling people when a store was heard of
 * @param nanoClock only ever goes forward; for how long ago something was
 */
public record PlacementDriverOptions(
        Duration tsoAhead,
        Duration storeUp,
        StorageOptions storage,
        WallClock wallClock,
        LongSupplier nanoClock) {
    private static final long MIB = 1024 * 1024;

    public PlacementDriverOptions {
        if (!storeUp.isPositive()) {
            throw new IllegalArgumentException(
                    "pd.store-up is " + storeUp + ": it must be positive");
        }
    }

    /** 3 seconds ahead, up for 10 seconds, little memory, and the machine's clocks. */
    public static PlacementDriverOptions defaults() {
        return new PlacementDriverOptions(
                Duration.ofSeconds(3),
                Duration.ofSeconds(10),
                new StorageOptions(8 * MIB, 0, 4 * MIB, 2),
                WallClock.SYSTEM,
                System::nanoTime);
    }
}
