package io.flaredb.server.placement;

import io.flaredb.proto.pd.StoreStatus;
import io.flaredb.raft.StoreAddresses;
import io.flaredb.rpc.HostAndPort;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where the cluster's stores serve, as the placement driver said last. Thread-safe. */
public final class StoreDirectory implements StoreAddresses {
    private volatile Map<Long, HostAndPort> addresses = Map.of();

    /** Takes over what the placement driver says. */
    public void update(List<StoreStatus> stores) {
        Map<Long, HostAndPort> next = new HashMap<>();
        for (StoreStatus status : stores) {
            String address = status.getStore().getAddress();
            if (!address.isEmpty()) { // else it serves in a process of its own only
                next.put(status.getStore().getId(), HostAndPort.parse(address));
            }
        }
        addresses = Map.copyOf(next);
    }

    @Override
    public @Nullable HostAndPort of(long storeId) {
        return addresses.get(storeId);
    }
}
