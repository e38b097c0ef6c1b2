package io.flaredb.client.remote;

import io.flaredb.bytes.KeyRange;
import io.flaredb.proto.kv.RegionContext;
import io.flaredb.proto.meta.Region;
import io.flaredb.proto.meta.RegionEpoch;

/**
 * A region and the store to ask about its keys.
 *
 * @param range of the region, as of its epoch
 * @param context what each request to the region carries
 */
record Route(Region region, KeyRange range, long storeId, HostPort address, RegionContext context) {

    static Route of(long clusterId, Region region, long storeId, HostPort address) {
        RegionContext context =
                RegionContext.newBuilder()
                        .setClusterId(clusterId)
                        .setRegionId(region.getId())
                        .setRegionEpoch(region.getEpoch())
                        .build();
        return new Route(region, Wire.range(region), storeId, address, context);
    }

    long regionId() {
        return region.getId();
    }

    /** The same region asked at another store. */
    Route at(long otherStoreId, HostPort otherAddress) {
        return new Route(region, range, otherStoreId, otherAddress, context);
    }

    /** The same for a read that the store may answer from its replica as it is. */
    Route forStaleRead() {
        return new Route(
                region, range, storeId, address, context.toBuilder().setStaleRead(true).build());
    }

    boolean isStaleRead() {
        return context.getStaleRead();
    }

    /** Whether the store holds a peer of a region. */
    boolean isPeer(Region of) {
        return of.getPeersList().stream().anyMatch(peer -> peer.getStoreId() == storeId);
    }

    /** Whether both describe the same region at the same epoch. */
    boolean isSameAs(Route other) {
        return regionId() == other.regionId() && region.getEpoch().equals(other.region.getEpoch());
    }

    /** Whether this describes a later state of the key space than {@code other}. */
    boolean isNewerThan(Route other) {
        RegionEpoch mine = region.getEpoch();
        RegionEpoch others = other.region.getEpoch();
        int byRange = Long.compareUnsigned(mine.getVersion(), others.getVersion());
        return byRange > 0
                || (byRange == 0
                        && regionId() == other.regionId()
                        && Long.compareUnsigned(mine.getConfVersion(), others.getConfVersion())
                                > 0);
    }

    /** The store, for a message. */
    String store() {
        return "store " + Long.toUnsignedString(storeId) + " at " + address;
    }
}
