package io.flaredb.server.region;

import com.google.protobuf.UnsafeByteOperations;
import io.flaredb.bytes.Bytes;
import io.flaredb.proto.kv.ClusterMismatch;
import io.flaredb.proto.kv.EpochNotMatch;
import io.flaredb.proto.kv.KeyNotInRegion;
import io.flaredb.proto.kv.RegionError;
import io.flaredb.proto.kv.RegionNotFound;
import io.flaredb.proto.kv.ServerIsBusy;
import io.flaredb.proto.kv.StoreNotWritable;
import io.flaredb.proto.meta.Region;
import java.time.Duration;

/** The reasons for which a store turns a request away, each as an exception to throw. */
public final class RegionErrors {
    private RegionErrors() {}

    public static RegionException regionNotFound(long regionId) {
        return new RegionException(
                RegionError.newBuilder()
                        .setRegionNotFound(RegionNotFound.newBuilder().setRegionId(regionId))
                        .build());
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
     * @param reason for a person
     */
    public static RegionException storeNotWritable(String reason) {
        return new RegionException(
                RegionError.newBuilder()
                        .setStoreNotWritable(StoreNotWritable.newBuilder().setReason(reason))
                        .build());
    }
}
