package io.flaredb.client.spi;

import com.google.protobuf.ByteString;
import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import io.flaredb.client.RegionInfo;
import io.flaredb.client.StoreInfo;
import io.flaredb.proto.meta.Peer;
import io.flaredb.proto.meta.Region;
import io.flaredb.proto.pd.RegionRoute;
import io.flaredb.proto.pd.StoreState;
import io.flaredb.proto.pd.StoreStats;
import io.flaredb.proto.pd.StoreStatus;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/** Turns what the placement driver tells into the records of the API. */
public final class Descriptions {
    private Descriptions() {}

    public static StoreInfo store(StoreStatus status) {
        long heartbeatMs = status.getLastHeartbeatMs();
        return new StoreInfo(
                status.getStore().getId(),
                status.getStore().getAddress(),
                state(status.getState()),
                heartbeatMs == 0
                        ? Optional.empty()
                        : Optional.of(Instant.ofEpochMilli(heartbeatMs)),
                status.hasStats() ? Optional.of(stats(status.getStats())) : Optional.empty(),
                status.getReplacedBy() == 0
                        ? OptionalLong.empty()
                        : OptionalLong.of(status.getReplacedBy()));
    }

    private static StoreInfo.State state(StoreState state) {
        return switch (state) {
            case STORE_STATE_UP -> StoreInfo.State.UP;
            case STORE_STATE_DISCONNECTED -> StoreInfo.State.DISCONNECTED;
            case STORE_STATE_UNSPECIFIED, UNRECOGNIZED -> StoreInfo.State.UNKNOWN;
        };
    }

    private static StoreInfo.Stats stats(StoreStats stats) {
        return new StoreInfo.Stats(
                stats.getCapacityBytes(),
                stats.getAvailableBytes(),
                stats.getUsedBytes(),
                stats.getRegionCount(),
                stats.getWritable());
    }

    public static RegionInfo region(RegionRoute route) {
        Region region = route.getRegion();
        return new RegionInfo(
                region.getId(),
                new KeyRange(bytes(region.getStartKey()), bytes(region.getEndKey())),
                new RegionInfo.Epoch(
                        region.getEpoch().getConfVersion(), region.getEpoch().getVersion()),
                region.getPeersList().stream().map(Peer::getStoreId).toList(),
                route.hasLeader()
                        ? OptionalLong.of(route.getLeader().getStoreId())
                        : OptionalLong.empty(),
                route.getTerm(),
                route.getApproximateSizeBytes(),
                route.getAppliedIndex());
    }

    private static Bytes bytes(ByteString key) {
        return Bytes.wrap(key.toByteArray());
    }
}
