package io.flaredb.raft;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Node;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.closure.ReadIndexClosure;
import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.entity.Task;
import com.alipay.sofa.jraft.error.RaftError;
import com.alipay.sofa.jraft.option.ReadOnlyOption;
import io.flaredb.storage.RegionId;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * This store's replica of a region, and through it the group: proposals, reads, members.
 *
 * <p>Thread-safe; nothing here blocks but {@link #close()}. Futures are completed on the group's
 * apply thread or on one that all groups share: whoever depends on one must not block. They fail
 * with a {@link RaftFailure}.
 *
 * @param <R> what an entry comes to, see {@link StateMachine#apply}
 */
public final class RaftGroup<R> implements AutoCloseable {
    private static final byte[] NO_CONTEXT = new byte[0];

    private final RegionId region;
    private final Peer self;
    private final RaftOptions options;
    private final StateMachine<R> machine;
    private final Consumer<Throwable> onFatal;
    private final Runnable onClose;
    private final List<GroupListener> listeners = new CopyOnWriteArrayList<>();
    private final Transfers transfers;

    private volatile GroupState state = new GroupState(GroupState.Role.FOLLOWER, null, 0);
    private volatile Members members = Members.UNKNOWN;
    private volatile boolean needed; // nobody comes to lead without this replica's vote
    private volatile long leadsSinceNanos; // of the last time it came to lead
    private volatile @Nullable Node node; // null: not started yet, or closed
    private @Nullable RegionRestore restore; // guarded by this; what must come first
    private boolean closed; // guarded by this

    /** How to read. */
    public enum Consistency {
        /** The leader asks a majority whether it still leads. */
        READ_INDEX,
        /**
         * The leader trusts that nobody else leads yet because a majority has answered it within
         * nine tenths of the election timeout: right as long as no clock runs away.
         */
        LEASE
    }

    RaftGroup(
            RegionId region,
            Peer self,
            RaftOptions options,
            StateMachine<R> machine,
            Consumer<Throwable> onFatal,
            Runnable onClose) {
        this.region = region;
        this.self = self;
        this.transfers = new Transfers(self);
        this.options = options;
        this.machine = machine;
        this.onFatal = onFatal;
        this.onClose = onClose;
    }

    public RegionId region() {
        return region;
    }

    /** This replica. */
    public Peer self() {
        return self;
    }

    /** What is known at this moment. */
    public GroupState state() {
        return state;
    }

    /** The members as of the last committed change; {@link Members#UNKNOWN} before the first. */
    public Members members() {
        return members;
    }

    /**
     * The voters of the last configuration in the leader's log: of a change that is under way those
     * it leads to, who may vote already. Leader only.
     *
     * @throws NotLeaderException if this replica does not lead
     * @throws ClosedException if it does not run
     */
    public List<Peer> voters() {
        return asLeader(Node::listPeers);
    }

    /**
     * Those of the {@link #voters} who have answered within nine tenths of an election timeout: to
     * be missing takes no more than a pause. Leader only.
     *
     * @return done when it has led for an election timeout; before, the dead would be counted in
     */
    public CompletableFuture<List<Peer>> aliveVoters() {
        long leftNanos =
                leadsSinceNanos + options.timing().electionTimeout().toNanos() - System.nanoTime();
        return CompletableFuture.supplyAsync(
                () -> asLeader(Node::listAlivePeers),
                CompletableFuture.delayedExecutor(
                        leftNanos, TimeUnit.NANOSECONDS, LibraryThreads::execute));
    }

    private List<Peer> asLeader(Function<Node, List<PeerId>> question) {
        Node running = node;
        if (running == null || state.role() == GroupState.Role.FAILED) {
            throw closed();
        }
        try {
            return question.apply(running).stream().map(Names::peer).toList();
        } catch (IllegalStateException e) {
            throw new NotLeaderException(state.leader());
        }
    }

    /** From now on; the listener is told the present state first, by the caller's thread. */
    public void listen(GroupListener listener) {
        listeners.add(listener);
        listener.stateChanged(state);
    }

    /**
     * Proposes an entry.
     *
     * @param bytes not copied: must not change
     * @return what the state machine made of it, once it is on the disks of a majority and applied
     *     here. Fails with {@link NotLeaderException}, {@link GroupBusyException} or {@link
     *     ClosedException} if it surely has no effect, with {@link OutcomeUnknownException} if that
     *     is not known.
     */
    public CompletableFuture<R> propose(byte[] bytes) {
        Node running = node;
        if (running == null || state.role() == GroupState.Role.FAILED) {
            return CompletableFuture.failedFuture(closed());
        }
        if (state.role() != GroupState.Role.LEADER) {
            return CompletableFuture.failedFuture(new NotLeaderException(state.leader()));
        }
        Proposal<R> proposal = new Proposal<>(this);
        try {
            running.apply(new Task(ByteBuffer.wrap(bytes), proposal));
        } catch (IllegalStateException e) { // thrown besides telling the proposal
            proposal.outcome().completeExceptionally(closed());
        }
        return proposal.outcome();
    }

    /**
     * Whether what is applied here has every write that was ever answered, so that a read needs to
     * ask nobody: this replica leads, so has applied what it has answered and what there was before
     * it led; and it is the only voter, so that nobody else can have come to lead unless it has
     * stepped down first.
     */
    public boolean isCurrent() {
        Node running = node;
        return needed
                && running != null
                && state.role() == GroupState.Role.LEADER
                && running.isLeader(false); // false from before it votes for another
    }

    /**
     * Waits until this replica has applied everything that was committed when this was called, on
     * any replica: what is read from the engine afterwards is linearizable. Works on every replica;
     * followers ask the leader.
     *
     * @return the index that was waited for
     */
    public CompletableFuture<Long> readIndex(Consistency consistency) {
        Node running = node;
        if (running == null || state.role() == GroupState.Role.FAILED) {
            return CompletableFuture.failedFuture(closed());
        }
        if (state.leader() == null) {
            return CompletableFuture.failedFuture(new NotLeaderException(null));
        }
        CompletableFuture<Long> read = new CompletableFuture<>();
        ReadIndexClosure closure =
                new ReadIndexClosure(options.timing().readTimeout().toMillis()) {
                    @Override
                    public void run(Status status, long index, byte[] context) {
                        if (status.isOk()) {
                            read.complete(index);
                        } else {
                            read.completeExceptionally(refusal(status));
                        }
                    }
                };
        ReadOnlyOption how =
                switch (consistency) {
                    case READ_INDEX -> ReadOnlyOption.ReadOnlySafe;
                    case LEASE -> ReadOnlyOption.ReadOnlyLeaseBased;
                };
        try {
            running.readIndex(how, NO_CONTEXT, closure);
        } catch (IllegalStateException e) {
            read.completeExceptionally(closed());
        }
        return read;
    }

    /** Flushes this replica's records and cuts its log; costs the same whatever their size. */
    public CompletableFuture<Void> snapshot() {
        return withNode((running, done) -> running.snapshot(done));
    }

    /** Adds a voter, once it has caught up. Leader only. */
    public CompletableFuture<Void> addPeer(Peer peer) {
        return change(next -> {
            next.addPeer(Names.of(peer));
            next.removeLearner(Names.of(peer));
            return next;
        });
    }

    /**
     * Removes a voter, itself too; then it steps down. It goes into force before it is agreed upon:
     * if those who remain have no majority, the group never has a leader again. Leader only.
     */
    public CompletableFuture<Void> removePeer(Peer peer) {
        return change(next -> {
            next.removePeer(Names.of(peer));
            return next;
        });
    }

    /** Adds a member that gets everything but has no say. Leader only. */
    public CompletableFuture<Void> addLearner(Peer peer) {
        return change(next -> {
            next.addLearner(Names.of(peer));
            return next;
        });
    }

    /** Leader only. */
    public CompletableFuture<Void> removeLearner(Peer peer) {
        return change(next -> {
            next.removeLearner(Names.of(peer));
            return next;
        });
    }

    /**
     * Hands leadership to a member. Meanwhile proposals are refused as busy.
     *
     * @return done when the other leads; fails with {@link GroupBusyException} if it did not take
     *     over within an election timeout, then this one goes on
     */
    public CompletableFuture<Void> transferLeadership(Peer to) {
        return transfer(to);
    }

    /** Hands leadership to whichever member has come furthest; else as the above. */
    public CompletableFuture<Void> handOverLeadership() {
        return transfer(null);
    }

    private CompletableFuture<Void> transfer(@Nullable Peer to) {
        Node running = node;
        if (running == null) {
            return CompletableFuture.failedFuture(closed());
        }
        if (self.equals(to) && state.role() == GroupState.Role.LEADER) {
            return CompletableFuture.completedFuture(null);
        }
        PeerId name = to == null ? PeerId.ANY_PEER : Names.of(to);
        return transfers.begin(
                to,
                () -> {
                    Status status = running.transferLeadershipTo(name);
                    return status.isOk() ? null : refusal(status);
                });
    }

    /**
     * Leaves the group for now: hands leadership over if it can, finishes what is committed, stops.
     * Proposals without an answer fail. Waits until all that is done; closing again does nothing.
     */
    @Override
    public void close() {
        RegionRestore before;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            before = restore;
        }
        if (before != null) {
            before.close();
        }
        boolean interrupted = false;
        Node running = node;
        node = null;
        if (running != null) {
            running.shutdown();
        }
        while (running != null) {
            try {
                running.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true; // the engine must not be closed under a running group
            }
        }
        become(new GroupState(GroupState.Role.FAILED, null, state.term()));
        onClose.run();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Before this the group refuses everything. */
    void started(Node running) {
        node = running;
    }

    /** Takes {@link #started} back: the library refused. */
    void notStarted() {
        node = null;
    }

    /** The replica starts when this is done. */
    synchronized void startAfter(RegionRestore first) {
        restore = first;
        first.start();
    }

    StateMachine<R> machine() {
        return machine;
    }

    void become(GroupState next) {
        if (state.role() == GroupState.Role.FAILED) {
            return;
        }
        state = next;
        transfers.see(next);
        listeners.forEach(listener -> listener.stateChanged(next));
    }

    /** This replica leads, and the configuration it leads under is committed. */
    void leads(long term) {
        Node running = node;
        try {
            needed = running != null && running.listPeers().equals(List.of(Names.of(self)));
        } catch (IllegalStateException e) { // it does not lead any more
            needed = false;
        }
        leadsSinceNanos = System.nanoTime();
        become(new GroupState(GroupState.Role.LEADER, self, term));
    }

    /**
     * @param next with a change of several steps, from the first of them on: a majority of those
     *     before has agreed to ask a majority of these in all that follows
     */
    void membersChanged(Members next) {
        members = next;
        needed = next.voters().equals(List.of(self));
        listeners.forEach(listener -> listener.membersChanged(next));
    }

    void fail(Throwable cause) {
        become(new GroupState(GroupState.Role.FAILED, null, state.term()));
        onFatal.accept(cause);
    }

    private CompletableFuture<Void> change(UnaryOperator<Configuration> to) {
        return withNode((running, done) -> {
            if (!running.isLeader()) {
                done.run(new Status(RaftError.EPERM, "Not leader"));
                return;
            }
            running.changePeers(
                    to.apply(new Configuration(running.listPeers(), running.listLearners())), done);
        });
    }

    private interface Asking {
        void ask(Node running, Closure done);
    }

    private CompletableFuture<Void> withNode(Asking asking) {
        Node running = node;
        if (running == null || state.role() == GroupState.Role.FAILED) {
            return CompletableFuture.failedFuture(closed());
        }
        CompletableFuture<Void> answer = new CompletableFuture<>();
        Closure done =
                status -> {
                    if (status.isOk()) {
                        answer.complete(null);
                    } else {
                        answer.completeExceptionally(refusal(status));
                    }
                };
        try {
            asking.ask(running, done);
        } catch (IllegalArgumentException | IllegalStateException e) {
            answer.completeExceptionally(new GroupBusyException(String.valueOf(e.getMessage())));
        }
        return answer;
    }

    /** For what has no effect if it fails, or may be asked for again in any case. */
    private RaftFailure refusal(Status status) {
        @Nullable RaftError error = status.getRaftError();
        if (error == RaftError.EPERM || error == RaftError.ENOENT) {
            return new NotLeaderException(state.leader());
        }
        if (error == RaftError.ENODESHUTDOWN || error == RaftError.ESHUTDOWN) {
            return closed();
        }
        String why = String.valueOf(status.getErrorMsg());
        return error == RaftError.ECATCHUP
                ? new NotCaughtUpException(why)
                : new GroupBusyException(why);
    }

    private ClosedException closed() {
        return new ClosedException(
                "replica " + self + " of region " + region + " does not run here");
    }
}
