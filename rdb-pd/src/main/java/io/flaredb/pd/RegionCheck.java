package io.flaredb.pd;

import io.flaredb.bytes.SizeLimits;
import io.flaredb.proto.meta.Peer;
import io.flaredb.proto.meta.Region;
import java.util.HashSet;
import java.util.Set;

/** Whether a region's descriptor makes sense by itself. */
final class RegionCheck {
    private static final int MAX_PEERS = 100;

    /**
     * How far an id may be above those that are known: a few of those given out may have been
     * forgotten with a folder, but after an id near the last there could be no new ones.
     */
    private static final long MAX_PEER_IDS_AHEAD = 1L << 32;

    private RegionCheck() {}

    /**
     * @throws PlacementDriverException.InvalidRequest if it does not
     */
    static void check(Region region, PlacementState state) {
        if (region.getId() == 0) {
            throw invalid(region, "ids begin at 1");
        }
        if (region.getStartKey().size() > SizeLimits.MAX_KEY_BYTES
                || region.getEndKey().size() > SizeLimits.MAX_KEY_BYTES) {
            throw invalid(
                    region,
                    "start_key and end_key have at most " + SizeLimits.MAX_KEY_BYTES + " bytes");
        }
        if (PlacementState.rangeOf(region).isEmpty()) {
            throw invalid(region, "start_key must be below end_key");
        }
        if (!region.hasEpoch()) {
            throw invalid(region, "epoch is missing");
        }
        if (region.getPeersCount() == 0 || region.getPeersCount() > MAX_PEERS) {
            throw invalid(region, region.getPeersCount() + " peers: allowed are 1 to " + MAX_PEERS);
        }
        Set<Long> ids = new HashSet<>();
        Set<Long> stores = new HashSet<>();
        long tooHigh = state.nextPeerId() + MAX_PEER_IDS_AHEAD;
        for (Peer peer : region.getPeersList()) {
            if (peer.getId() == 0 || Long.compareUnsigned(peer.getId(), tooHigh) >= 0) {
                throw invalid(
                        region,
                        "a peer has id %s: allowed are 1 to %s"
                                .formatted(
                                        Long.toUnsignedString(peer.getId()),
                                        Long.toUnsignedString(tooHigh - 1)));
            }
            if (!ids.add(peer.getId())) {
                throw invalid(region, "two peers have id " + Long.toUnsignedString(peer.getId()));
            }
            if (!stores.add(peer.getStoreId())) {
                throw invalid(
                        region,
                        "two peers are on store " + Long.toUnsignedString(peer.getStoreId()));
            }
            if (!state.stores().containsKey(peer.getStoreId())) {
                throw invalid(
                        region,
                        "a peer is on store %s, which is not registered"
                                .formatted(Long.toUnsignedString(peer.getStoreId())));
            }
        }
    }

    static PlacementDriverException.InvalidRequest invalid(Region region, String why) {
        return new PlacementDriverException.InvalidRequest(name(region) + ": " + why);
    }

    static String name(Region region) {
        return "region " + Long.toUnsignedString(region.getId());
    }
}
