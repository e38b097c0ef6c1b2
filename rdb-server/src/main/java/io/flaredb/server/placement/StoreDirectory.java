package io.flaredb.server.placement;

import io.flaredb.proto.pd.StoreStatus;
import io.flaredb.raft.StoreAddresses;
import io.flaredb.rpc.HostAndPort;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the cluster's stores serve, as the placement driver said last. Thread-safe. */
public final class StoreDirectory implements StoreAddresses {
    private static final Logger log = LoggerFactory.getLogger(StoreDirectory.class);

    private volatile Map<Long, HostAndPort> addresses = Map.of();
    private final Map<Long, String> unreachable = new ConcurrentHashMap<>(); // told of already

    /**
     * Takes over what the placement driver says, but for addresses from before such were refused.
     */
    public void update(List<StoreStatus> stores) {
        Map<Long, HostAndPort> next = new HashMap<>();
        for (StoreStatus status : stores) {
            String address = status.getStore().getAddress();
            if (!address.isEmpty()) { // else it serves in a process of its own only
                put(next, status.getStore().getId(), address);
            }
        }
        addresses = Map.copyOf(next);
    }

    private void put(Map<Long, HostAndPort> next, long storeId, String address) {
        try {
            next.put(storeId, HostAndPort.parse(address));
        } catch (IllegalArgumentException e) { // the other stores are as good as ever
            if (!address.equals(unreachable.put(storeId, address))) {
                log.warn(
                        "store {} cannot be reached until it is started with another address: {}",
                        Long.toUnsignedString(storeId),
                        e.getMessage());
            }
        }
    }

    @Override
    public @Nullable HostAndPort of(long storeId) {
        return addresses.get(storeId);
    }
}
