package io.flaredb.server.region;

import com.google.protobuf.ByteString;
import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import io.flaredb.proto.meta.Peer;
import io.flaredb.proto.meta.Region;
import io.flaredb.proto.meta.RegionEpoch;
import io.flaredb.storage.RegionId;

/**
 * This store's replica of a region. Immutable and thread-safe.
 *
 * <p>A region has one peer so far, which leads it.
 */
public final class RegionPeer {
    private final Region descriptor;
    private final RegionId id;
    private final KeyRange range;
    private final Peer self;

    /**
     * @param storeId the store this peer lives on; must be among the region's peers
     */
    public RegionPeer(Region descriptor, long storeId) {
        this.descriptor = descriptor;
        this.id = new RegionId(descriptor.getId());
        this.range = new KeyRange(bytes(descriptor.getStartKey()), bytes(descriptor.getEndKey()));
        this.self =
                descriptor.getPeersList().stream()
                        .filter(peer -> peer.getStoreId() == storeId)
                        .findFirst()
                        .orElseThrow(() ->
                                new IllegalArgumentException(
                                        "region "
                                                + descriptor.getId()
                                                + " has no peer on store "
                                                + storeId));
    }

    public RegionId id() {
        return id;
    }

    public KeyRange range() {
        return range;
    }

    public Region descriptor() {
        return descriptor;
    }

    /** The peer on this store. */
    public Peer self() {
        return self;
    }

    /**
     * Refuses a request that was made under another version of the region.
     *
     * @throws RegionException EpochNotMatch
     */
    public void checkEpoch(RegionEpoch epoch) {
        if (!descriptor.getEpoch().equals(epoch)) {
            throw RegionErrors.epochNotMatch(descriptor);
        }
    }

    /**
     * Refuses a key of another region.
     *
     * @throws RegionException KeyNotInRegion
     */
    public void checkContains(Bytes key) {
        if (!range.contains(key)) {
            throw RegionErrors.keyNotInRegion(key, descriptor);
        }
    }

    /**
     * The part of a range to scan that this region holds.
     *
     * @throws RegionException KeyNotInRegion if the range starts in another region
     */
    public KeyRange clamp(KeyRange asked) {
        if (!asked.startInclusive().isEmpty()) {
            checkContains(asked.startInclusive());
        }
        return asked.intersect(range);
    }

    private static Bytes bytes(ByteString key) {
        return Bytes.wrap(key.toByteArray());
    }
}
