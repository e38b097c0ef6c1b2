package io.flaredb.server;

import io.flaredb.server.read.ReadLimits;
import io.flaredb.server.write.WriteLimits;
import io.flaredb.storage.StorageOptions;
import java.time.Duration;

/**
 * How a store works.
 *
 * @param heartbeatInterval how often it tells the placement driver that it is alive; 100 ms to 1
 *     minute
 * @param joinTimeout how long it waits at its start for the placement driver to answer
 * @param stopGrace how long calls that were accepted may take once it stops
 */
public record StoreOptions(
        StorageOptions storage,
        WriteLimits writes,
        ReadLimits reads,
        Duration heartbeatInterval,
        Duration joinTimeout,
        Duration stopGrace) {

    /** What holds where nothing else is said. */
    public static StoreOptions defaults() {
        return new StoreOptions(
                StorageOptions.defaults(),
                WriteLimits.DEFAULT,
                ReadLimits.DEFAULT,
                Duration.ofSeconds(2),
                Duration.ofSeconds(30),
                Duration.ofSeconds(10));
    }

    /** The same with other storage options. */
    public StoreOptions withStorage(StorageOptions other) {
        return new StoreOptions(other, writes, reads, heartbeatInterval, joinTimeout, stopGrace);
    }

    /** The same with another wait for the placement driver. */
    public StoreOptions withJoinTimeout(Duration other) {
        return new StoreOptions(storage, writes, reads, heartbeatInterval, other, stopGrace);
    }

    public StoreOptions {
        if (heartbeatInterval.compareTo(Duration.ofMillis(100)) < 0
                || heartbeatInterval.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException(
                    "heartbeat-interval is " + heartbeatInterval + ": allowed are 100 ms to 1 min");
        }
    }
}
