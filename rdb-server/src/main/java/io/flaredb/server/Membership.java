package io.flaredb.server;

import io.flaredb.raft.RaftHost;
import io.flaredb.raft.RaftOptions;
import io.flaredb.raft.RaftTiming;
import io.flaredb.server.placement.Heartbeats;
import io.flaredb.server.placement.Placement;
import io.flaredb.server.placement.StoreDirectory;
import io.flaredb.server.placement.StoreLinks;
import io.flaredb.server.region.RegionChanges;
import io.flaredb.server.region.RegionPeer;
import io.flaredb.server.region.Regions;
import io.flaredb.storage.StorageEngine;
import io.flaredb.storage.StoreIdentity;
import io.grpc.InsecureChannelCredentials;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a store has once it is a member of a cluster: its replicas, and whom it talks to. */
record Membership(
        StorageEngine engine,
        Placement placement,
        StoreDirectory directory,
        RaftHost host,
        Regions regions,
        RegionChanges changes,
        Heartbeats heartbeats,
        Duration rememberFor,
        Consumer<Throwable> onFatal) {
    private static final Logger log = LoggerFactory.getLogger(Membership.class);

    /** Nothing runs yet. */
    static Membership of(
            StorageEngine engine,
            StoreIdentity self,
            Placement placement,
            StoreOptions options,
            Consumer<Throwable> onFatal) {
        StoreDirectory directory = new StoreDirectory();
        directory.update(placement.stores(self.clusterId()));
        RaftHost host =
                RaftHost.open(
                        engine,
                        RaftOptions.defaults(self.clusterId(), self.storeId())
                                .withTiming(timing(options))
                                .withSnapshotAfterEntries(options.snapshotAfterEntries()),
                        directory,
                        InsecureChannelCredentials.create(),
                        onFatal);
        Heartbeats heartbeats = new Heartbeats(options.heartbeatInterval());
        RegionChanges changes =
                new RegionChanges(
                        new StoreLinks(
                                directory,
                                () -> directory.update(placement.stores(self.clusterId())),
                                self.clusterId()),
                        () -> placement.allocatePeerId(self.clusterId()));
        Regions regions =
                new Regions(
                        engine,
                        self.storeId(),
                        host,
                        region -> changed(region, changes, heartbeats),
                        onFatal);
        return new Membership(
                engine,
                placement,
                directory,
                host,
                regions,
                changes,
                heartbeats,
                options.writes().rememberFor(),
                onFatal);
    }

    private static RaftTiming timing(StoreOptions options) {
        return new RaftTiming(
                options.electionTimeout(),
                options.electionTimeout().dividedBy(2),
                RaftTiming.defaults().readTimeout());
    }

    /** Leader or members of a region are others now. */
    private static void changed(RegionPeer region, RegionChanges changes, Heartbeats heartbeats) {
        if (region.leads()) {
            Thread.ofVirtual()
                    .name("new-leader")
                    .start(() -> {
                        RegionChanges.describe(region);
                        changes.beginAtFirstPeer(region);
                    });
        }
        heartbeats.soon();
    }

    /** Starts the replicas and the heartbeats. */
    void start(StoreIdentity self) {
        regions.startAll();
        heartbeats.start(
                new StoreReport(
                        self,
                        engine,
                        placement,
                        directory,
                        regions,
                        changes,
                        rememberFor,
                        onFatal));
    }

    /** Hands leadership to other stores where there are any, for so long at most. */
    void handOver(Duration limit) {
        List<CompletableFuture<?>> handedOver =
                regions.all().stream()
                        .filter(region -> region.leads() && region.descriptor().getPeersCount() > 1)
                        .<CompletableFuture<?>>map(region ->
                                CompletableFuture.runAsync(
                                        () -> changes.handOver(region),
                                        work -> Thread.ofVirtual().name("hand-over").start(work)))
                        .toList();
        try {
            CompletableFuture.allOf(handedOver.toArray(CompletableFuture[]::new))
                    .get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            log.info("leadership is not handed over everywhere: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stops the replicas. */
    void close() {
        regions.close();
        host.close();
    }
}
