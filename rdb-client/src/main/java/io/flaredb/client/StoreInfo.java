package io.flaredb.client;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A store as the placement driver sees it.
 *
 * @param id unsigned, never 0
 * @param address where it serves clients, "host:port"; empty text for an embedded store, and for
 *     one at whose address another store serves now
 * @param lastHeartbeat by the placement driver's clock; empty: never heard of
 * @param stats as of the last heartbeat; empty: never heard of
 * @param replacedBy the store that took this one's place while it was silent, and is given its
 *     replicas; empty: none
 */
public record StoreInfo(
        long id,
        String address,
        State state,
        Optional<Instant> lastHeartbeat,
        Optional<Stats> stats,
        OptionalLong replacedBy) {

    /** Whether the store is heard of. */
    public enum State {
        /** Heard of within the last 10 seconds. */
        UP,
        /** Not heard of for longer. */
        DISCONNECTED,
        /** A state this client does not know. */
        UNKNOWN
    }

    /**
     * What a store tells of itself.
     *
     * @param capacityBytes of the disk that holds the data folder
     * @param availableBytes of the same disk
     * @param usedBytes of the data folder, as RocksDB counts it
     * @param regionCount regions the store holds
     * @param writable false: the store refuses writes, say because its disk is full
     */
    public record Stats(
            long capacityBytes,
            long availableBytes,
            long usedBytes,
            int regionCount,
            boolean writable) {}
}
