package io.flaredb.pd;

import com.google.protobuf.ByteString;
import io.flaredb.pd.DurableState.Change;
import io.flaredb.proto.meta.Peer;
import io.flaredb.proto.meta.Region;
import io.flaredb.proto.meta.RegionEpoch;
import io.flaredb.proto.pd.BootstrapRequest;
import io.flaredb.proto.pd.RegionRoute;
import io.flaredb.storage.KeyValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongPredicate;

/**
 * Brings the stores of a new cluster together and decides on its first regions.
 *
 * <p>A store asks again and again, so who asked is remembered in memory only: after a restart of
 * the placement driver, or of the store, it asks anew. While a store waits, what it asked for
 * rules; a store that is not up waits no longer.
 *
 * <p>Not thread-safe: called within changes, of which there is one at a time.
 */
final class FirstRegions {
    /** By store id. */
    private final Map<Long, FirstLayout> waiting = new TreeMap<>(Long::compareUnsigned);

    private final LongPredicate isUp;

    /**
     * @param isUp whether a store was heard of lately
     */
    FirstRegions(LongPredicate isUp) {
        this.isUp = isUp;
    }

    /** A change without records: the cluster has regions already, or stores are missing. */
    Change decide(PlacementState state, long storeId, FirstLayout layout) {
        if (state.isBootstrapped()) {
            waiting.clear();
            return new Change(state, List.of());
        }
        waiting.keySet().removeIf(id -> !isUp.test(id));
        waiting.remove(storeId); // what it asked for before counts no more
        waiting.forEach((other, asked) -> {
            if (!asked.equals(layout)) {
                throw new PlacementDriverException.OtherFirstRegions(
                        "store %s asks for %s as first regions, store %s, which waits, for %s: all"
                                        .formatted(
                                                Long.toUnsignedString(storeId),
                                                layout,
                                                Long.toUnsignedString(other),
                                                asked)
                                + " stores of a new cluster must ask for the same");
            }
        });
        waiting.put(storeId, layout);
        if (waiting.size() < layout.replicas()) {
            return new Change(state, List.of());
        }
        // More wait if the regions were decided on before and could not be written down.
        List<RegionRoute> routes =
                regions(layout, waiting.keySet().stream().limit(layout.replicas()).toList());
        PlacementState next = state.withFirstRegions(routes);
        List<KeyValue> records = new ArrayList<>();
        records.add(PlacementRecords.nextPeerId(next.nextPeerId()));
        routes.forEach(route -> records.add(PlacementRecords.region(route)));
        return new Change(next, records);
    }

    /** How many more stores must ask for this. */
    int missing(FirstLayout layout) {
        return Math.max(0, layout.replicas() - waiting.size());
    }

    /** Another store comes first in each region, so that not all leaders begin at one store. */
    private static List<RegionRoute> regions(FirstLayout layout, List<Long> stores) {
        List<RegionRoute> routes = new ArrayList<>();
        long peerId = 1;
        ByteString start = ByteString.EMPTY;
        for (int i = 0; i <= layout.splitKeys().size(); i++) {
            ByteString end =
                    i < layout.splitKeys().size() ? layout.splitKeys().get(i) : ByteString.EMPTY;
            Region.Builder region =
                    Region.newBuilder()
                            .setId(i + 1L)
                            .setStartKey(start)
                            .setEndKey(end)
                            .setEpoch(RegionEpoch.newBuilder().setConfVersion(1).setVersion(1));
            for (int j = 0; j < stores.size(); j++) {
                region.addPeers(
                        Peer.newBuilder()
                                .setId(peerId++)
                                .setStoreId(stores.get((i + j) % stores.size())));
            }
            routes.add(RegionRoute.newBuilder().setRegion(region).build());
            start = end;
        }
        return routes;
    }

    /** Reads a request that may hold anything. */
    static FirstLayout layoutOf(BootstrapRequest request) {
        return new FirstLayout(request.getReplicas(), request.getSplitKeysList());
    }
}
