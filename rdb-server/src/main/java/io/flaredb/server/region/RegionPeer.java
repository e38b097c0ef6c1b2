package io.flaredb.server.region;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import io.flaredb.proto.meta.Peer;
import io.flaredb.proto.meta.Region;
import io.flaredb.proto.meta.RegionEpoch;
import io.flaredb.raft.GroupState;
import io.flaredb.raft.RaftGroup;
import io.flaredb.raft.RaftGroup.Consistency;
import io.flaredb.server.log.Applied;
import io.flaredb.server.log.LogEntry;
import io.flaredb.server.log.LogEntryCodec;
import io.flaredb.server.log.RegionChecks;
import io.flaredb.server.log.RegionMachine;
import io.flaredb.storage.CorruptionException;
import io.flaredb.storage.RegionId;
import io.flaredb.storage.StorageEngine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * This store's replica of a region. Thread-safe.
 *
 * <p>Its range and its own peer never change; its descriptor follows the region's log.
 */
public final class RegionPeer implements RegionMachine.Description {
    private static final long QUIET_CHECK_NANOS = 500_000;
    private static final Duration INSTALLING_BACKOFF = Duration.ofMillis(500);

    private final StorageEngine engine;
    private final RegionId id;
    private final KeyRange range;
    private final Peer self;
    private final RegionChecks checks = new RegionChecks();
    private final List<Waiter> waiters = new CopyOnWriteArrayList<>();
    private final AtomicBoolean changing = new AtomicBoolean();
    private final AtomicInteger proposed = new AtomicInteger(); // and without an outcome
    private final AtomicInteger handingOver = new AtomicInteger(); // attempts under way
    private final AtomicLong installations = new AtomicLong();
    private final Proposals proposals;
    private final ReadRounds readIndexRounds =
            new ReadRounds(() -> askForReadIndex(Consistency.READ_INDEX));
    private final ReadRounds leaseRounds = new ReadRounds(() -> askForReadIndex(Consistency.LEASE));
    private volatile Region descriptor;
    private volatile boolean assumed; // that its own peer is a member, ahead of the descriptor
    private volatile boolean removed; // its records are gone, or about to go
    private volatile Runnable onRemoved = () -> {};
    private volatile @Nullable RaftGroup<Applied> group; // null: not started yet

    private record Waiter(Predicate<Region> until, CompletableFuture<Region> done) {}

    /**
     * @param descriptor its epoch and peers may be behind those of other replicas
     * @param self the peer on this store
     * @param underWayInStore see {@link Proposals}
     */
    RegionPeer(StorageEngine engine, Region descriptor, Peer self, AtomicInteger underWayInStore) {
        this.engine = engine;
        this.descriptor = descriptor;
        this.id = new RegionId(descriptor.getId());
        this.range = new KeyRange(bytes(descriptor.getStartKey()), bytes(descriptor.getEndKey()));
        this.self = self;
        this.proposals = new Proposals(this::proposeToGroup, underWayInStore);
    }

    /** The peer of a region on a store; null: it has none there. */
    public static @Nullable Peer peerOn(Region region, long storeId) {
        for (Peer peer : region.getPeersList()) {
            if (peer.getStoreId() == storeId) {
                return peer;
            }
        }
        return null;
    }

    /**
     * A descriptor as the engine keeps it.
     *
     * @throws CorruptionException if it is none
     */
    public static Region parse(RegionId id, byte[] descriptor) {
        try {
            return Region.parseFrom(descriptor);
        } catch (InvalidProtocolBufferException e) {
            throw new CorruptionException(
                    "descriptor of region " + id.value() + " is unreadable", e);
        }
    }

    public RegionId id() {
        return id;
    }

    public KeyRange range() {
        return range;
    }

    public Region descriptor() {
        return descriptor;
    }

    /** The peer on this store. */
    public Peer self() {
        return self;
    }

    /** The checksums this replica was asked for. */
    public RegionChecks checks() {
        return checks;
    }

    /** What this replica knows about its group. */
    public GroupState state() {
        RaftGroup<Applied> running = group;
        return running == null
                ? new GroupState(GroupState.Role.FOLLOWER, null, 0)
                : running.state();
    }

    /** Whether this replica takes writes and linearizable reads. */
    public boolean leads() {
        return state().role() == GroupState.Role.LEADER;
    }

    /**
     * Proposes an entry for the region's log; never blocks.
     *
     * @return fails with a {@link RegionException} if it surely had no effect, or with {@link
     *     OutcomeUnknownException}
     */
    public CompletableFuture<Applied> propose(LogEntry entry) {
        return accepted(() -> proposeToGroup(LogEntryCodec.encode(entry)));
    }

    /**
     * {@link #propose(LogEntry)} of a client's entry, together with others that come meanwhile.
     *
     * @param entry encoded; a {@link LogEntry.OfClient}
     * @param soon runs tasks when what came together has been seen; may run them at once
     */
    public CompletableFuture<Applied> propose(byte[] entry, Executor soon) {
        return accepted(() -> proposals.add(entry, soon));
    }

    private CompletableFuture<Applied> accepted(Supplier<CompletableFuture<Applied>> proposal) {
        proposed.incrementAndGet(); // before looking: who hands over does it the other way round
        if (handingOver.get() > 0) {
            proposed.decrementAndGet();
            return CompletableFuture.failedFuture(RegionErrors.groupIsBusy());
        }
        return proposal.get()
                .handle((applied, failure) -> {
                    proposed.decrementAndGet();
                    if (failure != null) {
                        throw RegionErrors.of(this, failure);
                    }
                    return applied;
                });
    }

    private CompletableFuture<Applied> proposeToGroup(byte[] entry) {
        RaftGroup<Applied> running = group;
        return running == null
                ? CompletableFuture.failedFuture(RegionErrors.notLeader(this, null))
                : running.propose(entry);
    }

    /**
     * Waits until this replica has applied what was committed when this was called. Leader only.
     * Who comes while others wait shares the question to the group with whoever else does.
     *
     * @return fails with a {@link RegionException}; shared with others
     */
    public CompletableFuture<Long> readIndex(Consistency consistency) {
        RaftGroup<Applied> running = group;
        if (running != null && running.isCurrent()) {
            return CompletableFuture.completedFuture(engine.appliedIndex(id));
        }
        return switch (consistency) {
            case READ_INDEX -> readIndexRounds.join();
            case LEASE -> leaseRounds.join();
        };
    }

    private CompletableFuture<Long> askForReadIndex(Consistency consistency) {
        RaftGroup<Applied> running = group;
        GroupState state = state();
        if (running == null || state.role() != GroupState.Role.LEADER) {
            return CompletableFuture.failedFuture(RegionErrors.notLeader(this, state.leader()));
        }
        return running.readIndex(consistency)
                .exceptionallyCompose(
                        failure -> CompletableFuture.failedFuture(RegionErrors.of(this, failure)));
    }

    /** The running group. */
    RaftGroup<Applied> group() {
        RaftGroup<Applied> running = group;
        if (running == null) {
            throw RegionErrors.notLeader(this, null);
        }
        return running;
    }

    /** The group's voters as of the last change that is known to be committed; may be none. */
    List<io.flaredb.raft.Peer> lastMembersOfGroup() {
        RaftGroup<Applied> running = group;
        return running == null ? List.of() : running.members().voters();
    }

    /**
     * @param whenRemoved told when the log says that this peer is a member no more
     */
    void started(RaftGroup<Applied> running, Runnable whenRemoved) {
        onRemoved = whenRemoved;
        group = running;
    }

    /** Ends the replica before its records are removed; waits for its group. */
    void remove() {
        removed = true;
        RaftGroup<Applied> running = group;
        if (running != null) {
            running.close();
        }
    }

    /**
     * Takes no more proposals for the time being, so that leadership can change while none is under
     * way: their fate would be unknown. To be followed by {@link #endHandOver}.
     *
     * @return whether all that were accepted have their outcome, which is waited for as long as
     *     {@code limit}
     */
    boolean beginHandOver(Duration limit) {
        handingOver.incrementAndGet();
        long deadlineNanos = System.nanoTime() + limit.toNanos();
        while (proposed.get() > 0) {
            if (System.nanoTime() - deadlineNanos >= 0) {
                return false;
            }
            LockSupport.parkNanos(QUIET_CHECK_NANOS);
        }
        return true;
    }

    void endHandOver() {
        handingOver.decrementAndGet();
    }

    /** Begins a change of members, of which there is one at a time; false: one is under way. */
    boolean beginChange() {
        return changing.compareAndSet(false, true);
    }

    void endChange() {
        changing.set(false);
    }

    /**
     * The first descriptor from now on that fulfils a condition; to be cancelled by who gives up.
     */
    CompletableFuture<Region> described(Predicate<Region> until) {
        Waiter waiter = new Waiter(until, new CompletableFuture<>());
        waiters.add(waiter);
        var unused = waiter.done().whenComplete((now, failure) -> waiters.remove(waiter));
        tellWaiters();
        return waiter.done();
    }

    /** How often the replica's records were replaced as a whole. To be taken before a read. */
    public long installations() {
        return installations.get();
    }

    /**
     * Refuses the answer of a read if records may have been missing from it: they were being
     * replaced or removed. To be called after the read.
     *
     * @param before {@link #installations} then
     * @throws RegionException RegionNotFound, ServerIsBusy
     */
    public void checkHadAllRecords(long before) {
        boolean installing = engine.replicas().isInstalling(id); // first: it ends by being counted
        if (removed) {
            throw RegionErrors.regionNotFound(id.value());
        }
        if (installing || installations.get() != before) {
            throw RegionErrors.serverIsBusy(INSTALLING_BACKOFF);
        }
    }

    /**
     * To be called of a new peer, whom the leader's descriptor does not name yet, and of one whose
     * descriptor is not the one that others know by its epoch.
     */
    public void assumeMembership() {
        assumed = true;
    }

    /**
     * Whether the descriptor names this peer without anybody having described the region so. Not
     * remembered over a restart.
     */
    boolean isMembershipAssumed() {
        return assumed;
    }

    @Override
    public Region current() {
        return descriptor;
    }

    @Override
    public List<io.flaredb.raft.Peer> peers() {
        return descriptor.getPeersList().stream().map(Regions::raftPeer).toList();
    }

    @Override
    public void follow(Region next) {
        RegionEpoch now = descriptor.getEpoch();
        RegionEpoch then = next.getEpoch();
        if (then.getConfVersion() != now.getConfVersion() + 1
                || then.getVersion() != now.getVersion()) {
            return;
        }
        assumed = false;
        become(next);
        if (!next.getPeersList().contains(self)) {
            onRemoved.run();
        }
    }

    @Override
    public void installed(byte[] description) {
        installations.incrementAndGet();
        Region next = parse(id, description);
        if (Long.compareUnsigned(
                        next.getEpoch().getConfVersion(), descriptor.getEpoch().getConfVersion())
                > 0) {
            // The entry that makes this peer a member may come after what was installed.
            assumed = !next.getPeersList().contains(self);
            become(assumed ? next.toBuilder().addPeers(self).build() : next);
        }
    }

    private void become(Region next) {
        engine.putRegion(id, next.toByteArray());
        descriptor = next;
        tellWaiters();
    }

    private void tellWaiters() {
        Region now = descriptor;
        for (Waiter waiter : new ArrayList<>(waiters)) {
            if (waiter.until().test(now)) {
                waiter.done().complete(now);
            }
        }
    }

    /**
     * Refuses what only the leader may do.
     *
     * @throws RegionException NotLeader
     */
    public void checkLeads() {
        GroupState state = state();
        if (state.role() != GroupState.Role.LEADER) {
            throw RegionErrors.notLeader(this, state.leader());
        }
    }

    /**
     * Refuses a request that was made under another version of the region.
     *
     * @throws RegionException EpochNotMatch
     */
    public void checkEpoch(RegionEpoch epoch) {
        Region now = descriptor;
        if (!now.getEpoch().equals(epoch)) {
            throw RegionErrors.epochNotMatch(now);
        }
    }

    /**
     * Refuses a key of another region.
     *
     * @throws RegionException KeyNotInRegion
     */
    public void checkContains(Bytes key) {
        if (!range.contains(key)) {
            throw RegionErrors.keyNotInRegion(key, descriptor);
        }
    }

    /**
     * The part of a range to scan that this region holds.
     *
     * @throws RegionException KeyNotInRegion if the range starts in another region
     */
    public KeyRange clamp(KeyRange asked) {
        if (!asked.startInclusive().isEmpty()) {
            checkContains(asked.startInclusive());
        }
        return asked.intersect(range);
    }

    private static Bytes bytes(ByteString key) {
        return Bytes.wrap(key.toByteArray());
    }
}
