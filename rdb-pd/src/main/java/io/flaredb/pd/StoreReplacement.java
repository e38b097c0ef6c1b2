package io.flaredb.pd;

import io.flaredb.proto.meta.Peer;
import io.flaredb.proto.meta.Region;
import io.flaredb.proto.pd.RegionRoute;
import java.util.Optional;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds a peer that a region should replace: one on a store that is gone and whose place another
 * store has taken. One peer at a time.
 *
 * <p>A store with an empty data folder is a new store even at an old address: what its predecessor
 * has voted and promised is lost, so none of its peers may come back under its id. The region gets
 * a peer with a new id on the new store, then loses the old one.
 *
 * <p>Nothing is replaced while the new store is not heard of. The old one is not from when it was
 * replaced until it registers again: its heartbeats are refused.
 *
 * @param isUp whether a store was heard of lately
 */
record StoreReplacement(LongPredicate isUp) {
    /**
     * A peer to go.
     *
     * @param addOn the store to get a peer instead; null: it has one already
     */
    record Advice(Peer remove, @Nullable Long addOn) {}

    Optional<Advice> advise(PlacementState state, RegionRoute route) {
        Region region = route.getRegion();
        return region.getPeersList().stream()
                .filter(peer -> !peer.equals(route.getLeader()) && !isUp.test(peer.getStoreId()))
                .flatMap(peer -> advise(state, region, peer).stream())
                .findFirst();
    }

    private Optional<Advice> advise(PlacementState state, Region region, Peer peer) {
        StoreRecord by = replacing(state, peer.getStoreId());
        if (by == null || !isUp.test(by.id())) {
            return Optional.empty();
        }
        boolean there = region.getPeersList().stream().anyMatch(p -> p.getStoreId() == by.id());
        return Optional.of(new Advice(peer, there ? null : by.id()));
    }

    /** The last in the row: the store that took the place may have been replaced in turn. */
    private static @Nullable StoreRecord replacing(PlacementState state, long storeId) {
        StoreRecord found = null;
        StoreRecord store = state.stores().get(storeId);
        while (store != null && store.replacedBy() != 0) { // ends: only newer stores replace
            found = state.stores().get(store.replacedBy());
            store = found;
        }
        return found;
    }
}
