package io.flaredb.server;

import io.flaredb.bytes.Bytes;
import io.flaredb.proto.meta.Peer;
import io.flaredb.proto.meta.Region;
import io.flaredb.proto.meta.RegionEpoch;
import io.flaredb.proto.meta.Store;
import io.flaredb.proto.pd.BootstrapRequest;
import io.flaredb.proto.pd.BootstrapResponse;
import io.flaredb.proto.pd.RegionHeartbeatRequest;
import io.flaredb.proto.pd.RegionHeartbeatResponse;
import io.flaredb.proto.pd.RegisterStoreRequest;
import io.flaredb.proto.pd.RegisterStoreResponse;
import io.flaredb.proto.pd.StoreHeartbeatRequest;
import io.flaredb.proto.pd.StoreStatus;
import io.flaredb.server.placement.Placement;
import io.flaredb.server.placement.PlacementException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

/**
 * A placement driver for several stores and one region, whose descriptor it checks by its epoch.
 */
final class SharedPlacement implements Placement {
    final long clusterId = ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);
    private final TreeMap<Long, String> addresses = new TreeMap<>(); // guarded by this
    private final AtomicLong nextPeerId = new AtomicLong(100);
    private final Region firstRegion;
    private Region known; // guarded by this

    /**
     * @param members the stores that hold the region at first, in peers of the same ids
     */
    SharedPlacement(long... members) {
        firstRegion =
                Region.newBuilder()
                        .setId(1)
                        .setEpoch(RegionEpoch.newBuilder().setConfVersion(1).setVersion(1))
                        .addAllPeers(
                                LongStream.of(members)
                                        .mapToObj(id ->
                                                Peer.newBuilder().setId(id).setStoreId(id).build())
                                        .toList())
                        .build();
        known = firstRegion;
    }

    /** The region as its leaders reported it. */
    synchronized Region known() {
        return known;
    }

    @Override
    public synchronized RegisterStoreResponse register(RegisterStoreRequest request) {
        long id = request.getStoreId() == 0 ? addresses.size() + 1 : request.getStoreId();
        addresses.put(id, request.getAddress());
        return RegisterStoreResponse.newBuilder().setClusterId(clusterId).setStoreId(id).build();
    }

    @Override
    public BootstrapResponse bootstrap(BootstrapRequest request) {
        boolean isMember =
                firstRegion.getPeersList().stream()
                        .anyMatch(peer -> peer.getStoreId() == request.getStoreId());
        return BootstrapResponse.newBuilder()
                .setBootstrapped(true)
                .addAllRegions(isMember ? List.of(firstRegion) : List.of())
                .build();
    }

    @Override
    public void storeHeartbeat(StoreHeartbeatRequest request) {}

    @Override
    public synchronized RegionHeartbeatResponse regionHeartbeat(RegionHeartbeatRequest request) {
        Region region = request.getRegion();
        long epoch = region.getEpoch().getConfVersion();
        long knownEpoch = known.getEpoch().getConfVersion();
        if (epoch == knownEpoch && !region.equals(known)) {
            throw PlacementException.refused(
                    "another descriptor is known", new IllegalArgumentException());
        }
        if (epoch > knownEpoch) {
            known = region;
        }
        return RegionHeartbeatResponse.getDefaultInstance();
    }

    @Override
    public long allocatePeerId(long ofCluster) {
        return nextPeerId.getAndIncrement();
    }

    @Override
    public synchronized List<StoreStatus> stores(long ofCluster) {
        Collection<Long> ids = addresses.keySet();
        return ids.stream()
                .map(id ->
                        StoreStatus.newBuilder()
                                .setStore(
                                        Store.newBuilder()
                                                .setId(id)
                                                .setAddress(addresses.getOrDefault(id, "")))
                                .build())
                .toList();
    }

    @Override
    public Optional<Region> region(long ofCluster, Bytes key) {
        return Optional.of(known());
    }
}
