package io.flaredb.server.region;

import com.google.protobuf.UnsafeByteOperations;
import io.flaredb.bytes.Bytes;
import io.flaredb.proto.kv.ClusterMismatch;
import io.flaredb.proto.kv.EpochNotMatch;
import io.flaredb.proto.kv.KeyNotInRegion;
import io.flaredb.proto.kv.NotLeader;
import io.flaredb.proto.kv.RegionError;
import io.flaredb.proto.kv.RegionNotFound;
import io.flaredb.proto.kv.RequestForgotten;
import io.flaredb.proto.kv.ServerIsBusy;
import io.flaredb.proto.kv.StoreNotWritable;
import io.flaredb.proto.meta.Region;
import io.flaredb.raft.ClosedException;
import io.flaredb.raft.GroupBusyException;
import io.flaredb.raft.NotLeaderException;
import io.flaredb.raft.Peer;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** The reasons for which a store turns a request away, each as an exception to throw. */
public final class RegionErrors {
    private static final Duration GROUP_BACKOFF = Duration.ofMillis(20);

    private RegionErrors() {}

    public static RegionException regionNotFound(long regionId) {
        return new RegionException(
                RegionError.newBuilder()
                        .setRegionNotFound(RegionNotFound.newBuilder().setRegionId(regionId))
                        .build());
    }

    /**
     * @param leader as far as is known here; null: unknown
     */
    public static RegionException notLeader(RegionPeer region, @Nullable Peer leader) {
        NotLeader.Builder error = NotLeader.newBuilder().setRegionId(region.id().value());
        if (leader != null) {
            error.setLeader(
                    io.flaredb.proto.meta.Peer.newBuilder()
                            .setId(leader.peerId())
                            .setStoreId(leader.storeId()));
        }
        return new RegionException(RegionError.newBuilder().setNotLeader(error).build());
    }

    /** The group takes nothing at the moment. */
    static RegionException groupIsBusy() {
        return serverIsBusy(GROUP_BACKOFF);
    }

    /** What a failure of the region's group means for who asked. */
    static RuntimeException of(RegionPeer region, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
        return switch (cause) {
            case NotLeaderException e -> notLeader(region, e.leader().orElse(null));
            // The replica has failed, is stopping, or is not whole yet: ask another.
            case ClosedException _ -> notLeader(region, null);
            case GroupBusyException _ -> groupIsBusy();
            case io.flaredb.raft.OutcomeUnknownException e ->
                    new OutcomeUnknownException(String.valueOf(e.getMessage()), e);
            case RuntimeException e -> e;
            default -> new IllegalStateException(cause);
        };
    }

    static RegionException epochNotMatch(Region current) {
        return new RegionException(
                RegionError.newBuilder()
                        .setEpochNotMatch(EpochNotMatch.newBuilder().addCurrentRegions(current))
                        .build());
    }

    static RegionException keyNotInRegion(Bytes key, Region region) {
        var wireKey = UnsafeByteOperations.unsafeWrap(key.unsafeArray());
        return new RegionException(
                RegionError.newBuilder()
                        .setKeyNotInRegion(
                                KeyNotInRegion.newBuilder().setKey(wireKey).setRegion(region))
                        .build());
    }

    /**
     * @param clusterId the store's own
     */
    public static RegionException clusterMismatch(long clusterId) {
        return new RegionException(
                RegionError.newBuilder()
                        .setClusterMismatch(ClusterMismatch.newBuilder().setClusterId(clusterId))
                        .build());
    }

    /**
     * @param backoff wait at least this long before sending again
     */
    public static RegionException serverIsBusy(Duration backoff) {
        return new RegionException(
                RegionError.newBuilder()
                        .setServerIsBusy(ServerIsBusy.newBuilder().setBackoffMs(backoff.toMillis()))
                        .build());
    }

    /**
     * @param rememberedFromMillis a session that begins then is not taken for a forgotten one
     */
    public static RegionException requestForgotten(long rememberedFromMillis) {
        return new RegionException(
                RegionError.newBuilder()
                        .setRequestForgotten(
                                RequestForgotten.newBuilder()
                                        .setRememberedFromMs(rememberedFromMillis))
                        .build());
    }

    /**
     * @param reason for a person
     */
    public static RegionException storeNotWritable(String reason) {
        return new RegionException(
                RegionError.newBuilder()
                        .setStoreNotWritable(StoreNotWritable.newBuilder().setReason(reason))
                        .build());
    }
}
