package io.flaredb.pd;

import io.flaredb.proto.meta.Store;
import io.flaredb.proto.pd.StoreStats;
import java.util.UUID;

/**
 * A registered store.
 *
 * @param id unsigned, never 0, never reused
 * @param uuid of its data folder
 * @param address where it serves, "host:port"; empty: in its own process only, or another store
 *     serves there now
 * @param lastHeardMillis since 1970, by this placement driver's clock
 * @param stats as of the last heartbeat
 * @param replacedBy the store that is given this one's peers; 0: none
 */
record StoreRecord(
        long id,
        UUID uuid,
        String address,
        long lastHeardMillis,
        StoreStats stats,
        long replacedBy) {

    /** A new one. */
    StoreRecord(long id, UUID uuid, String address, long lastHeardMillis) {
        this(id, uuid, address, lastHeardMillis, StoreStats.getDefaultInstance(), 0);
    }

    /** It is back, with the data it had: there is nothing to replace. */
    StoreRecord registered(String newAddress, long nowMillis) {
        return new StoreRecord(id, uuid, newAddress, nowMillis, stats, 0);
    }

    StoreRecord heard(StoreStats newStats, long nowMillis) {
        return new StoreRecord(id, uuid, address, nowMillis, newStats, replacedBy);
    }

    /** Another store serves at its address now, and keeps what this one held or not. */
    StoreRecord displaced(long newReplacedBy) {
        return new StoreRecord(id, uuid, "", lastHeardMillis, stats, newReplacedBy);
    }

    Store descriptor() {
        return Store.newBuilder().setId(id).setAddress(address).build();
    }
}
