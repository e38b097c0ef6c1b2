package io.flaredb.client;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** {@link Cluster} without blocking; futures behave as those of {@link AsyncRawKv}. */
public interface AsyncCluster {
    /** See {@link Cluster#clusterId}. */
    CompletableFuture<Long> clusterId();

    /** See {@link Cluster#stores}. */
    CompletableFuture<List<StoreInfo>> stores();

    /** See {@link Cluster#regions}. */
    CompletableFuture<List<RegionInfo>> regions();

    /** See {@link Cluster#transferLeader}. */
    CompletableFuture<Void> transferLeader(long regionId, long storeId);

    /** See {@link Cluster#addPeer}. */
    CompletableFuture<Void> addPeer(long regionId, long storeId);

    /** See {@link Cluster#removePeer}. */
    CompletableFuture<Void> removePeer(long regionId, long storeId);

    /** See {@link Cluster#checkRegion}. */
    CompletableFuture<RegionCheck> checkRegion(long regionId);
}
