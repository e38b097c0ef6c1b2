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
import io.flaredb.rpc.UuidBytes;
import io.flaredb.server.log.Applied;
import io.flaredb.server.log.LogEntry;
import io.flaredb.server.log.LogEntryCodec;
import io.flaredb.server.placement.Placement;
import io.flaredb.server.region.RegionChanges;
import io.flaredb.server.region.RegionErrors;
import io.flaredb.server.region.RegionException;
import io.flaredb.server.region.RegionPeer;
import io.flaredb.server.region.Regions;
import io.flaredb.server.write.Backlog;
import io.flaredb.storage.Command;
import io.flaredb.storage.Fate;
import io.flaredb.storage.NotWritableException;
import io.flaredb.storage.Outcome;
import io.flaredb.storage.RegionId;
import io.flaredb.storage.RequestId;
import io.flaredb.storage.Role;
import io.flaredb.storage.StorageEngine;
import io.flaredb.storage.StoreIdentity;
import io.grpc.BindableService;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
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

    /** For who has only one write to make. */
    private static final Executor AT_ONCE = Runnable::run;

    private final StorageEngine engine;
    private final StoreOptions options;
    private final Consumer<Throwable> onFatal;
    private final Backlog backlog;
    private volatile StoreIdentity identity;
    private volatile @Nullable Membership membership; // null: has not joined
    private volatile boolean failed;
    private volatile boolean handedOver;

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
        membership = Membership.of(engine, member, placement, options, this::fail);
        return 0;
    }

    private void fail(Throwable reason) {
        failed = true;
        onFatal.accept(reason);
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

    /** What other stores call to replicate: to be served before {@link #start}. */
    public BindableService replication() {
        return member().host().service();
    }

    /** Starts the replicas and the heartbeats. */
    public synchronized void start() {
        member().start(identity);
    }

    /**
     * Waits until each replica knows its leader; with a replica that is alone in its group, until
     * everything in its log is applied.
     *
     * @return false: some still do not after {@code limit}, or when this thread was interrupted,
     *     whose flag stays set
     */
    public boolean awaitLeaders(Duration limit) {
        long deadlineNanos = System.nanoTime() + limit.toNanos();
        for (RegionPeer region : regions()) {
            while (region.state().leader() == null) {
                if (System.nanoTime() - deadlineNanos >= 0
                        || Thread.currentThread().isInterrupted()) {
                    return false;
                }
                LockSupport.parkNanos(QUIET_CHECK_NANOS);
            }
        }
        return true;
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
        return write(region, command, null, AT_ONCE)
                .thenApply(fate -> {
                    if (fate instanceof Fate.First(Outcome outcome)) {
                        return outcome;
                    }
                    throw new IllegalStateException("a write without an id came to " + fate);
                });
    }

    /**
     * As {@link #propose}, of a write that may have come before: then it is not done again.
     *
     * @param id null: it is new
     * @param soon runs tasks when what came together with this has been seen, so that it can share
     *     an entry of the log; may run them at once
     * @return {@link Fate.First} or {@link Fate.Repeat}; fails also with a {@link RegionException}
     *     of RequestForgotten
     */
    public CompletableFuture<Fate> write(
            RegionPeer region, Command command, @Nullable RequestId id, Executor soon) {
        return log(
                region,
                id == null
                        ? new LogEntry.Write(command)
                        : new LogEntry.Numbered(id, System.currentTimeMillis(), command),
                soon);
    }

    /**
     * Finds out what became of a write, and if it has not happened makes sure that it never will.
     *
     * @return {@link Fate.Repeat} or {@link Fate.NeverDone}; fails as {@link #write}
     */
    public CompletableFuture<Fate> settle(RegionPeer region, RequestId id) {
        return log(region, new LogEntry.Settle(id, System.currentTimeMillis()), AT_ONCE);
    }

    private CompletableFuture<Fate> log(RegionPeer region, LogEntry.OfClient entry, Executor soon) {
        try {
            engine.replicas().refuseIfFull();
        } catch (NotWritableException e) {
            return CompletableFuture.failedFuture(e);
        }
        byte[] bytes = LogEntryCodec.encode(entry);
        if (!backlog.enter(bytes.length)) {
            return CompletableFuture.failedFuture(
                    RegionErrors.serverIsBusy(
                            Duration.ofMillis(options.writes().busyBackoffMillis())));
        }
        return region.propose(bytes, soon)
                .whenComplete((applied, failure) -> backlog.leave(bytes.length))
                .thenApply(StoreNode::fate);
    }

    private static Fate fate(Applied applied) {
        return switch (applied) {
            case Applied.Ended(Fate.Forgotten(long rememberedFromMillis)) ->
                    throw RegionErrors.requestForgotten(rememberedFromMillis);
            case Applied.Ended(Fate fate) -> fate;
            case Applied.Refused(String why) -> throw new IllegalArgumentException(why);
            case Applied.Several _, Applied.Described _, Applied.Checking _, Applied.Done _ ->
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
        if (clusterId != 0 && own != 0 && clusterId != own) { // 0: of none yet, and has no regions
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
     * Gets ready to close: takes no more writes (they are refused with ServerIsBusy: once
     * leadership is handed over their client is told who leads), hands leadership to other stores
     * where there are any, for an election timeout at most, then waits for the writes that were
     * accepted, as long as {@link StoreOptions#stopGrace} at most. Repeating it does nothing. A
     * store that has failed can do neither.
     */
    public void handOver() {
        backlog.close();
        Membership member = membership;
        if (member == null || failed || handedOver) {
            return;
        }
        handedOver = true;
        member.handOver(options.electionTimeout());
        long deadlineNanos = System.nanoTime() + options.stopGrace().toNanos();
        while (!backlog.isEmpty()) {
            if (System.nanoTime() - deadlineNanos >= 0) {
                log.warn(
                        "writes without an outcome {} after the stop began are left so",
                        options.stopGrace());
                return;
            }
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
            member.close();
        }
        engine.close();
    }
}
