package io.flaredb.pd;

import com.google.protobuf.ByteString;
import io.flaredb.proto.meta.Peer;
import io.flaredb.proto.meta.Region;
import io.flaredb.proto.meta.RegionEpoch;
import io.flaredb.proto.pd.BootstrapRequest;
import io.flaredb.proto.pd.RegionHeartbeatRequest;
import io.flaredb.proto.pd.RegisterStoreRequest;
import io.flaredb.proto.pd.StoreHeartbeatRequest;
import io.flaredb.rpc.UuidBytes;
import java.util.UUID;
import java.util.stream.Stream;

/** Requests that tests send, as a well-behaved store would. */
public final class Requests {
    private Requests() {}

    public static RegisterStoreRequest register(UUID uuid, String address) {
        return RegisterStoreRequest.newBuilder()
                .setStoreUuid(ByteString.copyFrom(UuidBytes.encode(uuid)))
                .setAddress(address)
                .build();
    }

    public static StoreHeartbeatRequest heartbeat(long clusterId, long storeId) {
        return StoreHeartbeatRequest.newBuilder()
                .setClusterId(clusterId)
                .setStoreId(storeId)
                .build();
    }

    public static BootstrapRequest bootstrap(
            long clusterId, long storeId, int replicas, String... splitKeys) {
        return BootstrapRequest.newBuilder()
                .setClusterId(clusterId)
                .setStoreId(storeId)
                .setReplicas(replicas)
                .addAllSplitKeys(Stream.of(splitKeys).map(ByteString::copyFromUtf8).toList())
                .build();
    }

    /** A region of epoch 1/1 with one peer, numbered as the region is. */
    public static Region region(long id, String start, String end, long storeId) {
        return Region.newBuilder()
                .setId(id)
                .setStartKey(ByteString.copyFromUtf8(start))
                .setEndKey(ByteString.copyFromUtf8(end))
                .setEpoch(RegionEpoch.newBuilder().setConfVersion(1).setVersion(1))
                .addPeers(Peer.newBuilder().setId(id).setStoreId(storeId))
                .build();
    }

    /** From the region's first peer, which says it is the leader. */
    public static RegionHeartbeatRequest report(
            long clusterId, Region region, long term, long appliedIndex) {
        return RegionHeartbeatRequest.newBuilder()
                .setClusterId(clusterId)
                .setRegion(region)
                .setLeader(region.getPeers(0))
                .setTerm(term)
                .setAppliedIndex(appliedIndex)
                .setApproximateSizeBytes(appliedIndex * 100)
                .build();
    }
}
