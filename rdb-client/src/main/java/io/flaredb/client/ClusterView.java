package io.flaredb.client;

import java.util.List;

/** Questions about the cluster, and changes of it, that wait. */
final class ClusterView implements Cluster {
    private final AsyncCluster direct;
    private final AsyncCluster async;

    ClusterView(AsyncCluster direct, AsyncCluster async) {
        this.direct = direct;
        this.async = async;
    }

    @Override
    public long clusterId() {
        return Blocking.read(direct.clusterId());
    }

    @Override
    public List<StoreInfo> stores() {
        return Blocking.read(direct.stores());
    }

    @Override
    public List<RegionInfo> regions() {
        return Blocking.read(direct.regions());
    }

    @Override
    public void transferLeader(long regionId, long storeId) {
        Blocking.change(direct.transferLeader(regionId, storeId));
    }

    @Override
    public void addPeer(long regionId, long storeId) {
        Blocking.change(direct.addPeer(regionId, storeId));
    }

    @Override
    public void removePeer(long regionId, long storeId) {
        Blocking.change(direct.removePeer(regionId, storeId));
    }

    @Override
    public RegionCheck checkRegion(long regionId) {
        return Blocking.read(direct.checkRegion(regionId));
    }

    @Override
    public AsyncCluster async() {
        return async;
    }
}
