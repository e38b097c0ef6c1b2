package io.flaredb.server;

import io.flaredb.proto.meta.Region;
import io.flaredb.proto.pd.BootstrapRequest;
import io.flaredb.proto.pd.BootstrapResponse;
import io.flaredb.proto.pd.RegionHeartbeatRequest;
import io.flaredb.proto.pd.RegisterStoreRequest;
import io.flaredb.proto.pd.RegisterStoreResponse;
import io.flaredb.proto.pd.StoreHeartbeatRequest;
import io.flaredb.server.placement.Placement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A placement driver for one store, which remembers what it was asked. */
public final class FakePlacement implements Placement {
    public static final long CLUSTER_ID = 4711;
    public static final long STORE_ID = 5;

    final List<RegisterStoreRequest> registrations = new ArrayList<>();
    final List<StoreHeartbeatRequest> storeHeartbeats = new CopyOnWriteArrayList<>();
    final List<RegionHeartbeatRequest> regionHeartbeats = new CopyOnWriteArrayList<>();
    List<Region> bootstrapped = List.of();
    boolean failsAfterBootstrap;

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
        if (bootstrapped.isEmpty()) {
            bootstrapped = request.getRegionsList();
        }
        if (failsAfterBootstrap) {
            throw new IllegalStateException("the answer got lost");
        }
        return BootstrapResponse.newBuilder()
                .setAccepted(bootstrapped.equals(request.getRegionsList()))
                .build();
    }

    @Override
    public void storeHeartbeat(StoreHeartbeatRequest request) {
        storeHeartbeats.add(request);
    }

    @Override
    public void regionHeartbeat(RegionHeartbeatRequest request) {
        regionHeartbeats.add(request);
    }
}
