package io.flaredb.raft;

import com.alipay.sofa.jraft.Node;
import com.alipay.sofa.jraft.NodeManager;
import com.alipay.sofa.jraft.RaftServiceFactory;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.entity.RaftOutter.SnapshotMeta;
import com.alipay.sofa.jraft.option.ReadOnlyOption;
import io.flaredb.raft.transport.Links;
import io.flaredb.raft.transport.RaftService;
import io.flaredb.raft.transport.TransportOptions;
import io.flaredb.storage.HardState;
import io.flaredb.storage.RaftLog;
import io.flaredb.storage.RegionId;
import io.flaredb.storage.StorageEngine;
import io.grpc.BindableService;
import io.grpc.ChannelCredentials;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs the groups of one store: their logs in its engine, their connections, their threads.
 *
 * <p>Thread-safe. What must end the process is told to {@code onFatal}: a disk that fails, a state
 * machine that throws, records that are found damaged when they are sent, a rejected task. After
 * the first two the groups concerned have stopped. After damage they have not. Nor after a rejected
 * task, and {@link #close()} may wait forever for it: the process must be halted, not closed down.
 */
public final class RaftHost implements AutoCloseable {
    private static final long FIRST_TERM = 1;

    /**
     * To each follower of each group. Half a MiB each at most: with the library's own 256 a slow
     * follower alone could fill a small heap.
     */
    private static final int MESSAGES_IN_FLIGHT = 32;

    private final StorageEngine engine;
    private final RaftOptions options;
    private final Consumer<Throwable> onFatal;
    private final Links links;
    private final RaftService service;
    private final RegionSending sending;
    private final Map<RegionId, RaftGroup<?>> groups = new ConcurrentHashMap<>();

    private RaftHost(
            StorageEngine engine,
            RaftOptions options,
            StoreAddresses addresses,
            ChannelCredentials credentials,
            Consumer<Throwable> onFatal) {
        this.engine = engine;
        this.options = options;
        this.onFatal = onFatal;
        this.links = new Links(addresses, credentials, LibraryThreads::execute);
        this.sending = new RegionSending(options, engine.replicas(), this::find, onFatal);
        this.service = new RaftService(sending);
    }

    /**
     * Makes a host without groups.
     *
     * @param engine outlives the host
     * @param credentials how other stores are spoken to
     * @param onFatal called from any thread, perhaps several times; must not block
     */
    public static RaftHost open(
            StorageEngine engine,
            RaftOptions options,
            StoreAddresses addresses,
            ChannelCredentials credentials,
            Consumer<Throwable> onFatal) {
        LibraryThreads.join(onFatal);
        return new RaftHost(engine, options, addresses, credentials, onFatal);
    }

    /** What other stores call: to be served where {@link StoreAddresses} says. */
    public BindableService service() {
        return service;
    }

    /**
     * Starts this store's replica of a region.
     *
     * <p>A replica whose installation was cut short by a crash first fetches its records again, in
     * the background; until then it refuses everything with {@link ClosedException}.
     *
     * @param peerId of the replica
     * @param initial the members of a group that is new; {@link Members#UNKNOWN} for a replica that
     *     is added to one. Ignored if the replica has a log already
     * @throws IllegalStateException if the region runs here already, or the library refuses
     */
    public <R> RaftGroup<R> start(
            RegionId region, long peerId, Members initial, StateMachine<R> machine) {
        String name = Names.group(options.clusterId(), region);
        LibraryThreads.serve(name);
        return start(name, region, new Peer(options.storeId(), peerId), initial, machine);
    }

    /** The same with a pool of its own, for tests of what happens when one rejects. */
    <R> RaftGroup<R> start(
            RegionId region,
            long peerId,
            Members initial,
            StateMachine<R> machine,
            ThreadPoolExecutor pool) {
        String name = Names.group(options.clusterId(), region);
        LibraryThreads.serve(name, pool);
        return start(name, region, new Peer(options.storeId(), peerId), initial, machine);
    }

    private <R> RaftGroup<R> start(
            String name, RegionId region, Peer self, Members initial, StateMachine<R> machine) {
        RaftGroup<R> group =
                new RaftGroup<>(
                        region, self, options, machine, onFatal, () -> groups.remove(region));
        if (groups.putIfAbsent(region, group) != null) {
            throw new IllegalStateException("region " + region + " runs here already");
        }
        adopt(region, initial);
        RegionFetch fetch =
                new RegionFetch(
                        region, self, options, engine.replicas(), links, LibraryThreads::execute);
        RegionSnapshots snapshots = new RegionSnapshots(region, engine.replicas(), options, fetch);
        snapshots.whenDue(
                () -> group.snapshot().whenComplete((done, failure) -> snapshots.saved()));
        if (engine.replicas().isInstalling(region)) {
            group.startAfter(
                    new RegionRestore(
                            region,
                            engine.replicas(),
                            fetch,
                            machine,
                            () -> run(name, group, snapshots, initial),
                            group::fail));
        } else {
            run(name, group, snapshots, initial);
        }
        return group;
    }

    /**
     * Records from before there was replication have an applied index and no log: as if that had
     * been cut off behind the last of them.
     */
    private void adopt(RegionId region, Members initial) {
        RaftLog log = engine.replicas().log(region);
        long applied = engine.appliedIndex(region);
        boolean untouched =
                log.lastIndex() < log.firstIndex()
                        && log.snapshot() == null
                        && log.hardState().equals(HardState.NONE);
        if (applied == 0 || !untouched || initial.voters().isEmpty()) {
            return;
        }
        engine.replicas().flush(region, applied);
        log.reset(applied + 1);
        log.saveSnapshot(
                SnapshotMeta.newBuilder()
                        .setLastIncludedIndex(applied)
                        .setLastIncludedTerm(FIRST_TERM)
                        .addAllPeers(
                                Names.of(initial).listPeers().stream()
                                        .map(PeerId::toString)
                                        .toList())
                        .build()
                        .toByteArray());
    }

    private void run(String name, RaftGroup<?> group, RegionSnapshots snapshots, Members initial) {
        PeerId self = Names.of(group.self());
        NodeManager.getInstance().addAddress(self.getEndpoint());
        Node node = RaftServiceFactory.createRaftNode(name, self);
        group.started(node); // callbacks may come before it says that it is ready
        boolean ready = false;
        try {
            ready = node.init(libraryOptions(group, snapshots, initial));
        } finally {
            if (!ready) {
                // Whoever closes the group must not wait for it: the library waits for ever for the
                // end of what it has not begun.
                group.notStarted();
                groups.remove(group.region(), group);
                node.shutdown();
            }
        }
        if (!ready) {
            throw new IllegalStateException("region " + group.region() + " could not be started");
        }
    }

    private <R> TransportOptions libraryOptions(
            RaftGroup<R> group, RegionSnapshots snapshots, Members initial) {
        RaftTiming timing = options.timing();
        TransportOptions library = new TransportOptions(links, snapshots.installing());
        library.setFsm(new GroupMachine<>(group, engine, group.machine(), snapshots));
        library.setServiceFactory(
                new EngineServices(engine.replicas().log(group.region()), snapshots, onFatal));
        library.setInitialConf(Names.of(initial));
        // The library wants names of places; ours are made without.
        library.setLogUri("engine");
        library.setRaftMetaUri("engine");
        library.setSnapshotUri("engine");
        library.setSnapshotIntervalSecs(0); // by amount, see RegionSnapshots
        library.setElectionTimeoutMs((int) timing.electionTimeout().toMillis());
        library.setSharedElectionTimer(true);
        library.setSharedVoteTimer(true);
        library.setSharedStepDownTimer(true);
        library.setSharedSnapshotTimer(true);
        library.setSharedTimerPool(true);
        library.setTimerPoolSize(2);
        library.setRpcProcessorThreadPoolSize(3);
        library.setAppendEntriesExecutors(LibraryThreads.replies());
        library.setDisableCli(true);
        com.alipay.sofa.jraft.option.RaftOptions raft =
                new com.alipay.sofa.jraft.option.RaftOptions();
        raft.setSync(true);
        raft.setSyncMeta(true); // not the default: votes would not be durable
        raft.setOpenStatistics(false);
        raft.setReadOnlyOptions(ReadOnlyOption.ReadOnlySafe);
        raft.setDisruptorBufferSize(options.maxProposals());
        raft.setMaxElectionDelayMs((int) timing.electionSpread().toMillis());
        raft.setMaxReplicatorInflightMsgs(MESSAGES_IN_FLIGHT);
        library.setRaftOptions(raft);
        return library;
    }

    private @Nullable RaftGroup<?> find(RegionId region, Peer self) {
        RaftGroup<?> group = groups.get(region);
        return group != null && group.self().equals(self) ? group : null;
    }

    /** Closes all groups, handing leadership over, then the connections; not the engine. */
    @Override
    public void close() {
        new ArrayList<>(groups.values()).forEach(RaftGroup::close);
        sending.close();
        service.close();
        links.close();
        LibraryThreads.leave(onFatal);
    }
}
