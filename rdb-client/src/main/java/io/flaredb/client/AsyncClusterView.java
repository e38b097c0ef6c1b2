package io.flaredb.client;

import io.flaredb.client.spi.Backend;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Passes questions about the cluster, and changes of it, on. */
final class AsyncClusterView implements AsyncCluster {
    private final Backend backend;
    private final Calls calls;

    AsyncClusterView(Backend backend, Calls calls) {
        this.backend = backend;
        this.calls = calls;
    }

    @Override
    public CompletableFuture<Long> clusterId() {
        return calls.start(backend::clusterId);
    }

    @Override
    public CompletableFuture<List<StoreInfo>> stores() {
        return calls.start(backend::stores);
    }

    @Override
    public CompletableFuture<List<RegionInfo>> regions() {
        return calls.start(backend::regions);
    }

    @Override
    public CompletableFuture<Void> transferLeader(long regionId, long storeId) {
        return calls.start(deadline -> backend.transferLeader(regionId, storeId, deadline));
    }

    @Override
    public CompletableFuture<Void> addPeer(long regionId, long storeId) {
        return calls.start(deadline -> backend.addPeer(regionId, storeId, deadline));
    }

    @Override
    public CompletableFuture<Void> removePeer(long regionId, long storeId) {
        return calls.start(deadline -> backend.removePeer(regionId, storeId, deadline));
    }

    @Override
    public CompletableFuture<RegionCheck> checkRegion(long regionId) {
        return calls.start(deadline -> backend.checkRegion(regionId, deadline));
    }
}
