package io.flaredb.server;

import io.flaredb.proto.meta.Region;
import io.flaredb.proto.pd.RegionHeartbeatRequest;
import io.flaredb.proto.pd.RegionHeartbeatResponse;
import io.flaredb.proto.pd.ReplacePeer;
import io.flaredb.proto.pd.StoreHeartbeatRequest;
import io.flaredb.proto.pd.StoreStats;
import io.flaredb.raft.GroupState;
import io.flaredb.server.log.Applied;
import io.flaredb.server.log.LogEntry;
import io.flaredb.server.placement.Placement;
import io.flaredb.server.placement.PlacementException;
import io.flaredb.server.placement.StoreDirectory;
import io.flaredb.server.region.RegionChanges;
import io.flaredb.server.region.RegionException;
import io.flaredb.server.region.RegionPeer;
import io.flaredb.server.region.Regions;
import io.flaredb.storage.RegionId;
import io.flaredb.storage.StorageEngine;
import io.flaredb.storage.StorageStats;
import io.flaredb.storage.StoreIdentity;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One heartbeat: tells the placement driver how the store and the regions it leads are, takes in
 * what has changed elsewhere, and carries out what the placement driver asks for. Heartbeat thread
 * only.
 */
final class StoreReport implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(StoreReport.class);

    /** Heartbeats without a leader after which a replica asks whether it is still a member. */
    private static final int LONELY_BEATS = 5;

    private final StoreIdentity self;
    private final StorageEngine engine;
    private final Placement placement;
    private final StoreDirectory directory;
    private final Regions regions;
    private final RegionChanges changes;
    private final Duration rememberFor;
    private final Consumer<Throwable> onFatal;
    private final Map<RegionId, Integer> lonely = new HashMap<>();
    private final Set<RegionId> refused = new HashSet<>();

    /**
     * @param onFatal told when another store has taken the place of this one
     */
    StoreReport(
            StoreIdentity self,
            StorageEngine engine,
            Placement placement,
            StoreDirectory directory,
            Regions regions,
            RegionChanges changes,
            Duration rememberFor,
            Consumer<Throwable> onFatal) {
        this.self = self;
        this.engine = engine;
        this.placement = placement;
        this.directory = directory;
        this.regions = regions;
        this.changes = changes;
        this.rememberFor = rememberFor;
        this.onFatal = onFatal;
    }

    @Override
    public void run() {
        forgetIdleWrites();
        StorageStats stats = engine.stats();
        tellOf(
                StoreHeartbeatRequest.newBuilder()
                        .setClusterId(self.clusterId())
                        .setStoreId(self.storeId())
                        .setStats(
                                StoreStats.newBuilder()
                                        .setCapacityBytes(stats.diskBytes())
                                        .setAvailableBytes(stats.freeDiskBytes())
                                        .setUsedBytes(stats.tableBytes())
                                        .setRegionCount(regions.all().size())
                                        .setWritable(engine.replicas().notWritableReason() == null))
                        .build());
        directory.update(placement.stores(self.clusterId()));
        for (RegionPeer region : regions.all()) {
            GroupState state = region.state();
            if (state.role() == GroupState.Role.LEADER) {
                report(region, state.term());
            }
            if (state.leader() != null) {
                lonely.remove(region.id());
            } else if (lonely.merge(region.id(), 1, Integer::sum) >= LONELY_BEATS) {
                lonely.remove(region.id());
                removeIfNoMember(region);
            }
        }
    }

    /** A store that nobody can reach any more must not seem to serve. */
    private void tellOf(StoreHeartbeatRequest heartbeat) {
        try {
            placement.storeHeartbeat(heartbeat);
        } catch (PlacementException e) {
            if (e.isNotYet()) {
                onFatal.accept(e);
            }
            throw e;
        }
    }

    /** What is remembered for repeats of writes must not grow for ever. */
    private void forgetIdleWrites() {
        long beforeMillis = System.currentTimeMillis() - rememberFor.toMillis();
        for (RegionPeer region : regions.all()) {
            if (region.leads()
                    && engine.replicas().requestsIdleSinceMillis(region.id()) < beforeMillis) {
                region.propose(new LogEntry.ForgetIdle(beforeMillis))
                        .exceptionally(failure -> {
                            log.debug("region {} forgets later: {}", region.id(), failure);
                            return new Applied.Done();
                        });
            }
        }
    }

    private void report(RegionPeer region, long term) {
        RegionChanges.describe(region);
        RegionHeartbeatRequest request =
                RegionHeartbeatRequest.newBuilder()
                        .setClusterId(self.clusterId())
                        .setRegion(region.descriptor())
                        .setLeader(region.self())
                        .setTerm(term)
                        .setAppliedIndex(engine.appliedIndex(region.id()))
                        .setApproximateSizeBytes(engine.approximateSizeBytes(region.range()))
                        .build();
        RegionHeartbeatResponse answer;
        try {
            answer = placement.regionHeartbeat(request);
        } catch (PlacementException e) {
            if (!e.isRefusal()) {
                throw e;
            }
            refused(region, request.getRegion(), e);
            return;
        }
        refused.remove(region.id());
        if (answer.hasReplace()) {
            replace(region, answer.getReplace());
        }
    }

    /**
     * The other regions are reported all the same. A peer that leads before anybody has described
     * it as a member says so under the epoch from before; that this is so it has forgotten if it
     * was started anew since.
     */
    private void refused(RegionPeer region, Region reported, PlacementException why) {
        if (refused.add(region.id())) {
            log.warn("region {} cannot be reported: {}", region.id(), why.getMessage());
        }
        Region known = known(region);
        if (known != null
                && known.getEpoch().equals(reported.getEpoch())
                && !known.equals(reported)) {
            region.assumeMembership(); // to be described under the next epoch
        }
    }

    /** The region as the placement driver knows it; null: it knows another one there, or none. */
    private @Nullable Region known(RegionPeer region) {
        return placement
                .region(self.clusterId(), region.range().startInclusive())
                .filter(known -> known.getId() == region.id().value())
                .orElse(null);
    }

    private void replace(RegionPeer region, ReplacePeer replace) {
        Thread.ofVirtual()
                .name("replace-peer")
                .start(() -> {
                    try {
                        changes.replace(region, replace);
                    } catch (RegionException e) {
                        log.debug("region {}: a change is under way", region.id(), e);
                    } catch (RuntimeException e) {
                        log.info("the placement driver will ask again: {}", e.getMessage());
                    }
                });
    }

    /** A removal that this store did not hear of, being down. */
    private void removeIfNoMember(RegionPeer peer) {
        Region known = known(peer);
        if (known != null
                && Long.compareUnsigned(
                                known.getEpoch().getConfVersion(),
                                peer.descriptor().getEpoch().getConfVersion())
                        > 0
                && !known.getPeersList().contains(peer.self())) {
            regions.remove(known, peer.self());
        }
    }
}
