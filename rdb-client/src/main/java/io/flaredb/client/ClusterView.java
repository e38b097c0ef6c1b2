package io.flaredb.client;

import java.util.List;

/** Questions about the cluster that wait. */
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
    public AsyncCluster async() {
        return async;
    }
}
