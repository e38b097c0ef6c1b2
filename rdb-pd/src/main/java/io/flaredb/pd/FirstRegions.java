package io.flaredb.pd;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import io.flaredb.bytes.SizeLimits;
import io.flaredb.pd.DurableState.Change;
import io.flaredb.proto.meta.Peer;
import io.flaredb.proto.meta.Region;
import io.flaredb.proto.pd.BootstrapRequest;
import io.flaredb.proto.pd.RegionRoute;
import io.flaredb.storage.KeyValue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The cluster's first regions, checked and decided on. Given once: later requests change nothing,
 * and are accepted only if they repeat the one that was.
 */
final class FirstRegions {
    private final BootstrapRequest request;

    FirstRegions(BootstrapRequest request) {
        this.request = request;
    }

    /** A change without records: the cluster keeps the regions it has. */
    Change decide(PlacementState state) {
        if (state.bootstrap() != null) {
            return new Change(state, List.of());
        }
        check(state);
        List<RegionRoute> routes =
                request.getRegionsList().stream()
                        .map(region -> RegionRoute.newBuilder().setRegion(region).build())
                        .toList();
        List<KeyValue> records = new ArrayList<>();
        records.add(PlacementRecords.bootstrap(request));
        routes.forEach(route -> records.add(PlacementRecords.region(route)));
        return new Change(state.withFirstRegions(request, routes), records);
    }

    private void check(PlacementState state) {
        if (!state.stores().containsKey(request.getStoreId())) {
            throw new PlacementDriverException.NotFound(
                    "no store %s is registered"
                            .formatted(Long.toUnsignedString(request.getStoreId())));
        }
        if (request.getRegionsCount() > SizeLimits.MAX_BATCH_ENTRIES) {
            throw new PlacementDriverException.InvalidRequest(
                    "%d regions to begin with: allowed are at most %d"
                            .formatted(request.getRegionsCount(), SizeLimits.MAX_BATCH_ENTRIES));
        }
        Set<Long> regionIds = new HashSet<>();
        Set<Long> peerIds = new HashSet<>();
        for (Region region : request.getRegionsList()) {
            RegionCheck.check(region, state);
            if (!regionIds.add(region.getId())) {
                throw new PlacementDriverException.InvalidRequest(
                        RegionCheck.name(region) + " is there twice");
            }
            boolean held = false;
            for (Peer peer : region.getPeersList()) {
                held |= peer.getStoreId() == request.getStoreId();
                if (!peerIds.add(peer.getId())) {
                    throw new PlacementDriverException.InvalidRequest(
                            "peer %s is there twice"
                                    .formatted(Long.toUnsignedString(peer.getId())));
                }
            }
            if (!held) {
                throw new PlacementDriverException.InvalidRequest(
                        "%s has no peer on store %s"
                                .formatted(
                                        RegionCheck.name(region),
                                        Long.toUnsignedString(request.getStoreId())));
            }
        }
        checkCoverage();
    }

    private void checkCoverage() {
        List<KeyRange> ranges =
                request.getRegionsList().stream()
                        .map(PlacementState::rangeOf)
                        .sorted(Comparator.comparing(KeyRange::startInclusive))
                        .toList();
        Bytes covered = Bytes.EMPTY; // every key below it is
        boolean open = true; // whether there are keys left to cover
        for (KeyRange range : ranges) {
            if (!open || !range.startInclusive().equals(covered)) {
                throw notCovering();
            }
            covered = range.endExclusive();
            open = !covered.isEmpty();
        }
        if (open) {
            throw notCovering();
        }
    }

    private static PlacementDriverException notCovering() {
        return new PlacementDriverException.InvalidRequest(
                "the first regions must cover all keys, without gap or overlap");
    }
}
