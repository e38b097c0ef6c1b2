package io.flaredb.server;

import io.flaredb.bytes.Bytes;
import io.flaredb.proto.meta.Peer;
import io.flaredb.proto.meta.Region;
import io.flaredb.proto.meta.RegionEpoch;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A placement driver for one store, which remembers what it was asked. */
public final class FakePlacement implements Placement {
    public static final long CLUSTER_ID = 4711;
    public static final long STORE_ID = 5;

    final List<RegisterStoreRequest> registrations = new ArrayList<>();
    final List<StoreHeartbeatRequest> storeHeartbeats = new CopyOnWriteArrayList<>();
    final List<RegionHeartbeatRequest> regionHeartbeats = new CopyOnWriteArrayList<>();
    final List<BootstrapRequest> bootstraps = new ArrayList<>();
    final AtomicLong nextPeerId = new AtomicLong(100);
    List<Region> firstRegions =
            List.of(
                    Region.newBuilder()
                            .setId(1)
                            .setEpoch(RegionEpoch.newBuilder().setConfVersion(1).setVersion(1))
                            .addPeers(Peer.newBuilder().setId(1).setStoreId(STORE_ID))
                            .build());
    volatile long refusedRegion; // 0: none
    int missingStores;
    boolean failsAfterBootstrap;
    volatile @Nullable PlacementException refusal; // of heartbeats

    @Override
    public RegisterStoreResponse register(RegisterStoreRequest request) {
        registrations.add(request);
        return RegisterStoreResponse.newBuilder()
                .setClusterId(CLUSTER_ID)
                .setStoreId(STORE_ID)
                .build();
    }

    @Override
    public BootstrapResponse bootstrap(BootstrapRequest request) {
        bootstraps.add(request);
        if (missingStores > 0) {
            return BootstrapResponse.newBuilder().setMissingStores(missingStores--).build();
        }
        if (failsAfterBootstrap) {
            throw new IllegalStateException("the answer got lost");
        }
        return BootstrapResponse.newBuilder()
                .setBootstrapped(true)
                .addAllRegions(firstRegions)
                .build();
    }

    @Override
    public void storeHeartbeat(StoreHeartbeatRequest request) {
        storeHeartbeats.add(request);
        PlacementException refused = refusal;
        if (refused != null) {
            throw refused;
        }
    }

    @Override
    public RegionHeartbeatResponse regionHeartbeat(RegionHeartbeatRequest request) {
        if (request.getRegion().getId() == refusedRegion) {
            throw PlacementException.refused("refused by this test", new IllegalStateException());
        }
        regionHeartbeats.add(request);
        return RegionHeartbeatResponse.getDefaultInstance();
    }

    @Override
    public long allocatePeerId(long clusterId) {
        return nextPeerId.getAndIncrement();
    }

    @Override
    public List<StoreStatus> stores(long clusterId) {
        return List.of();
    }

    @Override
    public Optional<Region> region(long clusterId, Bytes key) {
        return Optional.empty();
    }
}
