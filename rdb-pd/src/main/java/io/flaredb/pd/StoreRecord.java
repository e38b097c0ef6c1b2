package io.flaredb.pd;

import io.flaredb.proto.meta.Store;
import io.flaredb.proto.pd.StoreStats;
import java.util.UUID;

/**
 * A registered store.
 *
 * @param id unsigned, never 0, never reused
 * @param uuid of its data folder
 * @param address where it serves, "host:port"; empty: in its own process only
 * @param lastHeardMillis since 1970, by this placement driver's clock
 * @param stats as of the last heartbeat
 */
record StoreRecord(long id, UUID uuid, String address, long lastHeardMillis, StoreStats stats) {
    StoreRecord heard(String newAddress, long nowMillis) {
        return new StoreRecord(id, uuid, newAddress, nowMillis, stats);
    }

    StoreRecord heard(StoreStats newStats, long nowMillis) {
        return new StoreRecord(id, uuid, address, nowMillis, newStats);
    }

    Store descriptor() {
        return Store.newBuilder().setId(id).setAddress(address).build();
    }
}
