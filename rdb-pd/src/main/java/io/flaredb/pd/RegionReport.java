package io.flaredb.pd;

import io.flaredb.pd.DurableState.Change;
import io.flaredb.proto.meta.Region;
import io.flaredb.proto.meta.RegionEpoch;
import io.flaredb.proto.pd.RegionHeartbeatRequest;
import io.flaredb.proto.pd.RegionRoute;
import io.flaredb.storage.KeyValue;
import java.util.ArrayList;
import java.util.List;

/**
 * What a region's leader says of it, checked and decided on.
 *
 * <p>A newer descriptor, leader or term is made durable; applied index and size are not, since they
 * change with every heartbeat and the next one brings them again.
 *
 * <p>Descriptors follow the epoch, leaders the term, one apart from the other: a new leader may not
 * have applied yet what the one before it reported last, and a report may come late. What is older
 * than what is known is ignored.
 */
final class RegionReport {
    private final RegionHeartbeatRequest report;

    RegionReport(RegionHeartbeatRequest report) {
        this.report = report;
    }

    Change decide(PlacementState state) {
        Region region = report.getRegion();
        RegionRoute known = state.region(region.getId());
        if (known == null) {
            throw new PlacementDriverException.NotFound(
                    "no " + RegionCheck.name(region) + " is known");
        }
        if (!region.getPeersList().contains(report.getLeader())) {
            throw RegionCheck.invalid(region, "its leader is not one of its peers");
        }
        RegionRoute route = withLeader(withRegion(known, state));
        PlacementState next = state.withRegion(route);
        List<KeyValue> records = new ArrayList<>();
        if (!PlacementRecords.region(route).equals(PlacementRecords.region(known))) {
            records.add(PlacementRecords.region(route));
        }
        if (next.nextPeerId() != state.nextPeerId()) {
            records.add(PlacementRecords.nextPeerId(next.nextPeerId()));
        }
        return new Change(next, records);
    }

    /** Whether what is known after the report is what it says. */
    boolean isCurrent(RegionRoute route) {
        return route.getTerm() == report.getTerm()
                && route.getLeader().equals(report.getLeader())
                && route.getRegion().equals(report.getRegion());
    }

    private RegionRoute withRegion(RegionRoute known, PlacementState state) {
        Region region = report.getRegion();
        RegionEpoch before = known.getRegion().getEpoch();
        if (isBehind(region.getEpoch(), before)) {
            return known;
        }
        if (region.getEpoch().equals(before)) {
            checkSame(region, known.getRegion());
            return known;
        }
        RegionCheck.check(region, state);
        checkNoOverlap(region, state);
        RegionRoute.Builder next = known.toBuilder().setRegion(region);
        if (!region.getPeersList().contains(known.getLeader())) {
            next.clearLeader();
        }
        return next.build();
    }

    private RegionRoute withLeader(RegionRoute known) {
        if (Long.compareUnsigned(report.getTerm(), known.getTerm()) < 0
                || !known.getRegion().getPeersList().contains(report.getLeader())) {
            return known;
        }
        return known.toBuilder()
                .setLeader(report.getLeader())
                .setTerm(report.getTerm())
                .setAppliedIndex(report.getAppliedIndex())
                .setApproximateSizeBytes(report.getApproximateSizeBytes())
                .build();
    }

    private static boolean isBehind(RegionEpoch epoch, RegionEpoch known) {
        return Long.compareUnsigned(epoch.getVersion(), known.getVersion()) < 0
                || Long.compareUnsigned(epoch.getConfVersion(), known.getConfVersion()) < 0;
    }

    private static void checkSame(Region region, Region known) {
        if (!region.equals(known)) {
            throw RegionCheck.invalid(region, "another descriptor is known under the same epoch");
        }
    }

    /** Two routes for one key would send its writers to two places. */
    private static void checkNoOverlap(Region region, PlacementState state) {
        state.regionsIn(PlacementState.rangeOf(region))
                .filter(other -> other.getRegion().getId() != region.getId())
                .findFirst()
                .ifPresent(other -> {
                    throw RegionCheck.invalid(
                            region, "overlaps " + RegionCheck.name(other.getRegion()));
                });
    }
}
