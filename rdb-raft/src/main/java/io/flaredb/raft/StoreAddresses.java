package io.flaredb.raft;

import io.flaredb.rpc.HostAndPort;
import org.jspecify.annotations.Nullable;

/** Where stores are reached. Asked whenever a connection is made: must answer from memory. */
public interface StoreAddresses {
    /** Null: not known at the moment. */
    @Nullable HostAndPort of(long storeId);
}
