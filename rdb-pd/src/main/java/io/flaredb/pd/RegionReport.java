package io.flaredb.pd;

import io.flaredb.pd.DurableState.Change;
import io.flaredb.proto.meta.Region;
import io.flaredb.proto.meta.RegionEpoch;
import io.flaredb.proto.pd.RegionHeartbeatRequest;
import io.flaredb.proto.pd.RegionRoute;
import java.util.List;

/**
 * What a region's leader says of it, checked and decided on.
 *
 * <p>A newer descriptor, leader or term is made durable; applied index and size are not, since they
 * change with every heartbeat and the next one brings them again. What is older than what is known,
 * by epoch or term, is ignored: its sender was leader once.
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
        RegionEpoch before = known.getRegion().getEpoch();
        if (isBehind(region.getEpoch(), before)
                || Long.compareUnsigned(report.getTerm(), known.getTerm()) < 0) {
            return new Change(state, List.of());
        }
        if (!region.getPeersList().contains(report.getLeader())) {
            throw RegionCheck.invalid(region, "its leader is not one of its peers");
        }
        RegionRoute.Builder next =
                known.toBuilder()
                        .setLeader(report.getLeader())
                        .setTerm(report.getTerm())
                        .setAppliedIndex(report.getAppliedIndex())
                        .setApproximateSizeBytes(report.getApproximateSizeBytes());
        if (region.getEpoch().equals(before)) {
            checkSame(region, known.getRegion());
        } else {
            RegionCheck.check(region, state);
            checkNoOverlap(region, state);
            next.setRegion(region);
        }
        RegionRoute route = next.build();
        boolean durable = !PlacementRecords.region(route).equals(PlacementRecords.region(known));
        return new Change(
                state.withRegion(route),
                durable ? List.of(PlacementRecords.region(route)) : List.of());
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
