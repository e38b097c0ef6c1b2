package io.flaredb.it.torture;

import io.flaredb.client.FlareDb;
import io.flaredb.client.FlareDbException;
import io.flaredb.client.RegionInfo;
import java.util.List;
import java.util.Optional;

/** Which servers hold a region, and how an operator changes that. */
final class Placement {
    private final FlareDb operator;
    private final List<Machine> servers;

    Placement(FlareDb operator, List<Machine> servers) {
        this.operator = operator;
        this.servers = servers;
    }

    /** All regions in key order. */
    List<RegionInfo> regions() {
        return operator.cluster().regions();
    }

    /** The first server that runs and holds no replica of a region. */
    Optional<Machine> without(RegionInfo region) {
        return servers.stream()
                .filter(Machine::isStarted)
                .filter(server -> !region.peerStoreIds().contains(server.node().storeId()))
                .findFirst();
    }

    private boolean isThere(long storeId) {
        return servers.stream()
                .anyMatch(server -> server.isStarted() && server.node().storeId() == storeId);
    }

    /** Brings each region to so many replicas, as far as that goes at present. */
    void settle(int replicas) {
        for (RegionInfo region : regions()) {
            int peers = region.peerStoreIds().size();
            try {
                if (peers > replicas) {
                    operator.cluster().removePeer(region.id(), leastUseful(region));
                } else if (peers < replicas) {
                    without(region)
                            .ifPresent(server ->
                                    operator.cluster()
                                            .addPeer(region.id(), server.node().storeId()));
                }
            } catch (FlareDbException e) {
                // The caller looks again.
            }
        }
    }

    /** Of a store that is gone, or else the last one that does not lead. */
    private long leastUseful(RegionInfo region) {
        List<Long> stores = region.peerStoreIds();
        return stores.stream()
                .filter(store -> !isThere(store))
                .findFirst()
                .orElseGet(() ->
                        stores.reversed().stream()
                                .filter(store -> store != region.leaderStoreId().orElse(0))
                                .findFirst()
                                .orElseThrow());
    }
}
