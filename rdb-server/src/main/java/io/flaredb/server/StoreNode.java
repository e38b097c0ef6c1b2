package io.flaredb.server;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.flaredb.bytes.Bytes;
import io.flaredb.proto.kv.RegionContext;
import io.flaredb.proto.meta.Peer;
import io.flaredb.proto.meta.Region;
import io.flaredb.proto.pd.BootstrapRequest;
import io.flaredb.proto.pd.BootstrapResponse;
import io.flaredb.proto.pd.RegisterStoreRequest;
import io.flaredb.proto.pd.RegisterStoreResponse;
import io.flaredb.raft.RaftGroup.Consistency;
import io.flaredb.raft.RaftHost;
import io.flaredb.raft.RaftOptions;
import io.flaredb.raft.RaftTiming;
import io.flaredb.rpc.UuidBytes;
import io.flaredb.server.log.Applied;
import io.flaredb.server.log.LogEntry;
import io.flaredb.server.log.LogEntryCodec;
import io.flaredb.server.placement.Heartbeats;
import io.flaredb.server.placement.Placement;
import io.flaredb.server.placement.StoreDirectory;
import io.flaredb.server.placement.StoreLinks;
import io.flaredb.server.region.RegionChanges;
import io.flaredb.server.region.RegionErrors;
import io.flaredb.server.region.RegionException;
import io.flaredb.server.region.RegionPeer;
import io.flaredb.server.region.Regions;
import io.flaredb.server.write.Backlog;
import io.flaredb.storage.Command;
import io.flaredb.storage.NotWritableException;
import io.flaredb.storage.Outcome;
import io.flaredb.storage.RegionId;
import io.flaredb.storage.Role;
import io.flaredb.storage.StorageEngine;
import io.flaredb.storage.StoreIdentity;
import io.grpc.BindableService;
import io.grpc.InsecureChannelCredentials;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A store without its gRPC server: its data folder, its replicas, and how operations get to them.
 * {@link StoreServer} puts gRPC in front of it; an embedded store is a node alone.
 *
 * <p>A node is {@link #open opened}, {@link #join joins} a cluster and {@link #start starts} its
 * replicas; before that it has no regions to answer for. Thread-safe.
 */
public final class StoreNode implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(StoreNode.class);
    private static final long QUIET_CHECK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final StorageEngine engine;
    private final StoreOptions options;
    private final Consumer<Throwable> onFatal;
    private final Backlog backlog;
    private volatile StoreIdentity identity;
    private volatile @Nullable Membership membership; // null: has not joined

    /** What the node has once it is a member of a cluster. */
    private record Membership(
            Placement placement,
            StoreDirectory directory,
            RaftHost host,
            Regions regions,
            RegionChanges changes,
            Heartbeats heartbeats) {}

    private StoreNode(
            StorageEngine engine,
            StoreIdentity identity,
            StoreOptions options,
            Consumer<Throwable> onFatal) {
        this.engine = engine;
        this.identity = identity;
        this.options = options;
        this.onFatal = onFatal;
        this.backlog = new Backlog(options.writes().maxWaitingBytes());
    }

    /**
     * Opens the data folder, creating it if need be.
     *
     * @param onFatal called at most a few times, from any thread, with what the store must not go
     *     on after, say corruption or a disk that fails; the callee ends the process
     * @throws io.flaredb.storage.StorageException if the folder is in use, not a store's, or
     *     corrupt
     */
    public static StoreNode open(Path dataDir, StoreOptions options, Consumer<Throwable> onFatal) {
        StorageEngine engine = StorageEngine.open(dataDir, options.storage(), Role.STORE);
        try {
            StoreIdentity identity =
                    engine.identity()
                            .orElseGet(
                                    () -> new StoreIdentity(Role.STORE, UUID.randomUUID(), 0, 0));
            if (engine.identity().isEmpty()) {
                // Before the first registration, so that a repeat of it after a crash is one.
                engine.writeIdentity(identity);
            }
            return new StoreNode(engine, identity, options, onFatal);
        } catch (RuntimeException e) {
            engine.close();
            throw e;
        }
    }

    /**
     * Makes the store a member of the placement driver's cluster. A new store asks for the
     * cluster's first regions; it takes those it is given exactly once, since a replica that comes
     * back empty under its old peer id would break the promises it made.
     *
     * @param address where clients and other stores reach this store, "host:port"; empty: nowhere
     * @return how many other stores have yet to come before the cluster can begin: to be repeated;
     *     0: the store is a member
     */
    public synchronized int join(Placement placement, String address) {
        StoreIdentity known = identity;
        RegisterStoreResponse registered =
                placement.register(
                        RegisterStoreRequest.newBuilder()
                                .setStoreUuid(ByteString.copyFrom(UuidBytes.encode(known.uuid())))
                                .setClusterId(known.clusterId())
                                .setStoreId(known.storeId())
                                .setAddress(address)
                                .build());
        StoreIdentity member =
                new StoreIdentity(
                        Role.STORE,
                        known.uuid(),
                        registered.getClusterId(),
                        registered.getStoreId());
        if (!member.equals(known)) {
            BootstrapResponse bootstrap = placement.bootstrap(firstRegions(member));
            if (!bootstrap.getBootstrapped()) {
                return Math.max(1, bootstrap.getMissingStores());
            }
            for (Region region : bootstrap.getRegionsList()) {
                engine.putRegion(new RegionId(region.getId()), region.toByteArray());
            }
            engine.writeIdentity(member); // last: what is not finished is begun again
            identity = member;
        }
        StoreDirectory directory = new StoreDirectory();
        directory.update(placement.stores(member.clusterId()));
        RaftHost host =
                RaftHost.open(
                        engine,
                        RaftOptions.defaults(member.clusterId(), member.storeId())
                                .withTiming(timing()),
                        directory,
                        InsecureChannelCredentials.create(),
                        onFatal);
        Heartbeats heartbeats = new Heartbeats(options.heartbeatInterval());
        Regions regions =
                new Regions(
                        engine,
                        member.storeId(),
                        host,
                        region -> changed(region, heartbeats),
                        onFatal);
        RegionChanges changes =
                new RegionChanges(
                        new StoreLinks(
                                directory,
                                () -> directory.update(placement.stores(member.clusterId())),
                                member.clusterId()),
                        () -> placement.allocatePeerId(member.clusterId()));
        membership = new Membership(placement, directory, host, regions, changes, heartbeats);
        return 0;
    }

    private BootstrapRequest firstRegions(StoreIdentity member) {
        BootstrapRequest.Builder request =
                BootstrapRequest.newBuilder()
                        .setClusterId(member.clusterId())
                        .setStoreId(member.storeId())
                        .setReplicas(options.initialRegions().replicas());
        for (Bytes key : options.initialRegions().splitKeys()) {
            request.addSplitKeys(UnsafeByteOperations.unsafeWrap(key.unsafeArray()));
        }
        return request.build();
    }

    private RaftTiming timing() {
        RaftTiming defaults = RaftTiming.defaults();
        return new RaftTiming(
                options.electionTimeout(),
                options.electionTimeout().dividedBy(2),
                defaults.readTimeout());
    }

    /** What other stores call to replicate: to be served before {@link #start}. */
    public BindableService replication() {
        return member().host().service();
    }

    /** Starts the replicas and the heartbeats. */
    public synchronized void start() {
        Membership member = member();
        member.regions().startAll();
        member.heartbeats()
                .start(
                        new StoreReport(
                                identity,
                                engine,
                                member.placement(),
                                member.directory(),
                                member.regions(),
                                member.changes()));
    }

    /**
     * Waits until each replica knows its leader; with a replica that is alone in its group, until
     * everything in its log is applied.
     *
     * @return false: some still do not after {@code limit}
     */
    public boolean awaitLeaders(Duration limit) {
        long deadlineNanos = System.nanoTime() + limit.toNanos();
        for (RegionPeer region : regions()) {
            while (region.state().leader() == null) {
                if (System.nanoTime() - deadlineNanos >= 0) {
                    return false;
                }
                LockSupport.parkNanos(QUIET_CHECK_NANOS);
            }
        }
        return true;
    }

    /** Leader or members of a region are others now. */
    private void changed(RegionPeer region, Heartbeats heartbeats) {
        if (region.leads()) {
            Thread.ofVirtual()
                    .name("new-leader")
                    .start(() -> {
                        RegionChanges.describe(region);
                        changes().beginAtFirstPeer(region);
                    });
        }
        heartbeats.soon();
    }

    /** Who this store is; cluster and store id are 0 until it has joined. */
    public StoreIdentity identity() {
        return identity;
    }

    /** The replicas on this store; none until it has started. */
    public Collection<RegionPeer> regions() {
        Membership member = membership;
        return member == null ? List.of() : member.regions().all();
    }

    /** What the regions' data lies in: for reading. */
    public StorageEngine engine() {
        return engine;
    }

    /** Changes of regions' members and leaders. */
    public RegionChanges changes() {
        return member().changes();
    }

    /**
     * The replica a request is meant for, whatever its epoch and whoever leads.
     *
     * @throws RegionException ClusterMismatch or RegionNotFound
     */
    public RegionPeer replica(RegionContext context) {
        checkCluster(context.getClusterId());
        Membership member = membership;
        RegionPeer peer =
                member == null ? null : member.regions().find(new RegionId(context.getRegionId()));
        if (peer == null) {
            throw RegionErrors.regionNotFound(context.getRegionId());
        }
        return peer;
    }

    /**
     * The region a request is meant for, which this store leads.
     *
     * @throws RegionException ClusterMismatch, RegionNotFound, NotLeader or EpochNotMatch
     */
    public RegionPeer region(RegionContext context) {
        RegionPeer peer = replica(context);
        peer.checkLeads(); // first: a replica that is behind knows an old epoch
        peer.checkEpoch(context.getRegionEpoch());
        return peer;
    }

    /**
     * The region that holds a key.
     *
     * @throws RegionException RegionNotFound
     */
    public RegionPeer regionOf(Bytes key) {
        return member().regions().ofKey(key);
    }

    /**
     * Hands a command to the region's log; never blocks. The caller has checked that the region
     * holds the command's keys.
     *
     * @return completed once the effect is durable on a majority. Fails with a {@link
     *     RegionException} or {@link NotWritableException} if the command surely has no effect,
     *     with {@code IllegalArgumentException} if it can never have one, and with {@link
     *     io.flaredb.server.region.OutcomeUnknownException} or anything else if its fate is unknown
     */
    public CompletableFuture<Outcome> propose(RegionPeer region, Command command) {
        try {
            engine.replicas().refuseIfFull();
        } catch (NotWritableException e) {
            return CompletableFuture.failedFuture(e);
        }
        byte[] entry = LogEntryCodec.encode(new LogEntry.Write(command));
        if (!backlog.enter(entry.length)) {
            return CompletableFuture.failedFuture(
                    RegionErrors.serverIsBusy(
                            Duration.ofMillis(options.writes().busyBackoffMillis())));
        }
        return region.propose(entry)
                .whenComplete((applied, failure) -> backlog.leave(entry.length))
                .thenApply(StoreNode::outcome);
    }

    private static Outcome outcome(Applied applied) {
        return switch (applied) {
            case Applied.Written(Outcome outcome) -> outcome;
            case Applied.Refused(String why) -> throw new IllegalArgumentException(why);
            case Applied.Described _, Applied.Checking _ ->
                    throw new IllegalStateException("a write came to " + applied);
        };
    }

    /**
     * Waits until what is read from the engine afterwards is linearizable; never blocks. Leader
     * only.
     *
     * @return fails with a {@link RegionException}
     */
    public CompletableFuture<?> readable(RegionPeer region) {
        return region.readIndex(options.leaseReads() ? Consistency.LEASE : Consistency.READ_INDEX);
    }

    /**
     * Makes a replica for another store's leader, see {@link Regions#create}.
     *
     * @throws RegionException ClusterMismatch
     */
    public void createReplica(long clusterId, Region region, Peer self) {
        checkCluster(clusterId);
        member().regions().create(region, self);
    }

    /**
     * Removes a replica for another store's leader, see {@link Regions#remove}.
     *
     * @throws RegionException ClusterMismatch
     */
    public void destroyReplica(long clusterId, Region region, Peer gone) {
        checkCluster(clusterId);
        member().regions().remove(region, gone);
    }

    private void checkCluster(long clusterId) {
        long own = identity.clusterId();
        if (clusterId != 0 && clusterId != own) {
            throw RegionErrors.clusterMismatch(own);
        }
    }

    private Membership member() {
        Membership member = membership;
        if (member == null) {
            throw new IllegalStateException("the store has not joined a cluster yet");
        }
        return member;
    }

    /**
     * Gets ready to close: hands leadership to other stores where there are any, for an election
     * timeout at most, then waits for the writes that were accepted, as long as {@link
     * StoreOptions#stopGrace} at most. Repeating it does little.
     */
    public void handOver() {
        Membership member = membership;
        if (member == null) {
            return;
        }
        List<CompletableFuture<?>> handedOver =
                member.regions().all().stream()
                        .filter(region -> region.leads() && region.descriptor().getPeersCount() > 1)
                        .<CompletableFuture<?>>map(region ->
                                CompletableFuture.runAsync(
                                        () -> member.changes().handOver(region),
                                        work -> Thread.ofVirtual().name("hand-over").start(work)))
                        .toList();
        try {
            CompletableFuture.allOf(handedOver.toArray(CompletableFuture[]::new))
                    .get(options.electionTimeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            log.info("leadership is not handed over everywhere: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        long deadlineNanos = System.nanoTime() + options.stopGrace().toNanos();
        while (!backlog.isEmpty() && System.nanoTime() - deadlineNanos < 0) {
            LockSupport.parkNanos(QUIET_CHECK_NANOS);
        }
    }

    /** Hands over, stops the replicas and heartbeats, closes the data folder. */
    @Override
    public synchronized void close() {
        Membership member = membership;
        if (member != null) {
            member.heartbeats().close();
            handOver();
            member.regions().close();
            member.host().close();
        }
        engine.close();
    }
}
