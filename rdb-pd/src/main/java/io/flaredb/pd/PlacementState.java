package io.flaredb.pd;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import io.flaredb.proto.meta.Peer;
import io.flaredb.proto.meta.Region;
import io.flaredb.proto.pd.RegionRoute;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All that the placement driver knows of stores and regions at one moment. Immutable: a change
 * makes a copy, which is cheap enough for the few hundred stores and thousands of regions there are
 * and lets readers do without locks.
 *
 * @param nextStoreId unsigned
 * @param nextPeerId unsigned; above each peer id there ever was
 * @param stores by id, in unsigned order
 * @param regions by first key; each is a route without its stores. None: not bootstrapped yet
 */
record PlacementState(
        long nextStoreId,
        long nextPeerId,
        NavigableMap<Long, StoreRecord> stores,
        NavigableMap<Bytes, RegionRoute> regions) {

    /** Whether the cluster has its first regions. */
    boolean isBootstrapped() {
        return !regions.isEmpty();
    }

    @Nullable StoreRecord storeOf(UUID uuid) {
        return first(stores.values().stream().filter(store -> store.uuid().equals(uuid)));
    }

    @Nullable StoreRecord storeAt(String address) {
        return first(stores.values().stream().filter(store -> store.address().equals(address)));
    }

    @Nullable RegionRoute region(long id) {
        return first(regions.values().stream().filter(route -> route.getRegion().getId() == id));
    }

    /** The regions with a peer on a store, in key order. */
    Stream<Region> regionsOn(long storeId) {
        return regions.values().stream()
                .map(RegionRoute::getRegion)
                .filter(region ->
                        region.getPeersList().stream()
                                .anyMatch(peer -> peer.getStoreId() == storeId));
    }

    @Nullable RegionRoute regionOf(Bytes key) {
        var entry = regions.floorEntry(key);
        return entry != null && rangeOf(entry.getValue().getRegion()).contains(key)
                ? entry.getValue()
                : null;
    }

    /** The regions that share keys with the range, in key order. */
    Stream<RegionRoute> regionsIn(KeyRange range) {
        if (range.isEmpty()) {
            return Stream.empty();
        }
        Bytes from = regions.floorKey(range.startInclusive());
        Collection<RegionRoute> candidates =
                (from == null ? regions : regions.tailMap(from, true)).values();
        return candidates.stream()
                .dropWhile(route -> rangeOf(route.getRegion()).intersect(range).isEmpty())
                .takeWhile(route -> !rangeOf(route.getRegion()).intersect(range).isEmpty());
    }

    PlacementState withStore(StoreRecord store) {
        NavigableMap<Long, StoreRecord> changed = new TreeMap<>(stores);
        changed.put(store.id(), store);
        boolean isNew = store.id() == nextStoreId;
        return new PlacementState(
                isNew ? nextStoreId + 1 : nextStoreId, nextPeerId, changed, regions);
    }

    PlacementState withRegion(RegionRoute route) {
        NavigableMap<Bytes, RegionRoute> changed = new TreeMap<>(regions);
        RegionRoute before = region(route.getRegion().getId());
        if (before != null) {
            changed.remove(startOf(before));
        }
        changed.put(startOf(route), route);
        return new PlacementState(nextStoreId, above(nextPeerId, List.of(route)), stores, changed);
    }

    PlacementState withFirstRegions(List<RegionRoute> routes) {
        NavigableMap<Bytes, RegionRoute> first = new TreeMap<>();
        routes.forEach(route -> first.put(startOf(route), route));
        return new PlacementState(nextStoreId, above(nextPeerId, routes), stores, first);
    }

    /** Its {@link #nextPeerId} less one is given out now. */
    PlacementState withPeerIdGiven() {
        return new PlacementState(nextStoreId, nextPeerId + 1, stores, regions);
    }

    /** The least peer id, not below {@code nextPeerId}, that is above those of the regions. */
    static long above(long nextPeerId, Collection<RegionRoute> routes) {
        long next = nextPeerId;
        for (RegionRoute route : routes) {
            for (Peer peer : route.getRegion().getPeersList()) {
                if (Long.compareUnsigned(peer.getId(), next) >= 0) {
                    next = peer.getId() + 1;
                }
            }
        }
        return next;
    }

    static Bytes startOf(RegionRoute route) {
        return rangeOf(route.getRegion()).startInclusive();
    }

    static KeyRange rangeOf(Region region) {
        return new KeyRange(
                Bytes.wrap(region.getStartKey().toByteArray()),
                Bytes.wrap(region.getEndKey().toByteArray()));
    }

    private static <T> @Nullable T first(Stream<T> stream) {
        Optional<T> found = stream.findFirst();
        return found.isPresent() ? found.get() : null;
    }
}
