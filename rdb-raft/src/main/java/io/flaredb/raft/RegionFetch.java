package io.flaredb.raft;

import com.alipay.sofa.jraft.entity.RaftOutter.SnapshotMeta;
import com.alipay.sofa.jraft.error.RemotingException;
import io.flaredb.proto.raft.FetchRegionRequest;
import io.flaredb.proto.raft.RaftGrpc;
import io.flaredb.raft.transport.Links;
import io.flaredb.storage.RegionId;
import io.flaredb.storage.Replicas;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Fetches a region's records from another replica. */
final class RegionFetch {
    private final RegionId region;
    private final Peer self;
    private final RaftOptions options;
    private final Replicas replicas;
    private final Links links;
    private final Executor disk;

    /**
     * @param disk writes what comes in
     */
    RegionFetch(
            RegionId region,
            Peer self,
            RaftOptions options,
            Replicas replicas,
            Links links,
            Executor disk) {
        this.region = region;
        this.self = self;
        this.options = options;
        this.replicas = replicas;
        this.links = links;
        this.disk = disk;
    }

    Peer self() {
        return self;
    }

    /** Starts to fetch what goes with a snapshot; never blocks. */
    RegionReceiver start(NotedSnapshot.At wanted) {
        return start(wanted.peer(), wanted.meta(), wanted.meta().getLastIncludedIndex());
    }

    /** Starts to fetch what the replica has, with its own snapshot; never blocks. */
    RegionReceiver startAny(Peer from, long minIndex) {
        return start(from, null, minIndex);
    }

    private RegionReceiver start(Peer from, @Nullable SnapshotMeta exactly, long minIndex) {
        RegionReceiver receiver =
                new RegionReceiver(
                        from,
                        exactly,
                        () -> replicas.staging("in-" + self),
                        replicas::refuseIfFull);
        try {
            RaftGrpc.RaftStub stub = links.stub(from.storeId()).withExecutor(disk);
            stub.fetchRegion(
                    FetchRegionRequest.newBuilder()
                            .setClusterId(options.clusterId())
                            .setRegionId(region.value())
                            .setPeerId(from.peerId())
                            .setMinIndex(minIndex)
                            .build(),
                    receiver);
        } catch (RemotingException e) {
            receiver.onError(e);
        }
        return receiver;
    }
}
