package io.flaredb.raft;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Iterator;
import com.alipay.sofa.jraft.StateMachine;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.entity.LeaderChangeContext;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.error.RaftException;
import com.alipay.sofa.jraft.storage.snapshot.SnapshotReader;
import com.alipay.sofa.jraft.storage.snapshot.SnapshotWriter;
import io.flaredb.storage.CrashPoint;
import io.flaredb.storage.RegionId;
import io.flaredb.storage.StorageEngine;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries what the library says about a group to its state machine and its owner. Runs on the
 * group's apply thread.
 */
final class GroupMachine<R> implements StateMachine {
    private static final Logger LOG = LoggerFactory.getLogger(GroupMachine.class);

    /** A run of committed entries is applied in pieces of about this, to bound the memory. */
    private static final int MAX_RUN_ENTRIES = 1_024;

    private static final long MAX_RUN_BYTES = 8L << 20;

    private final RaftGroup<R> group;
    private final RegionId region;
    private final StorageEngine engine;
    private final io.flaredb.raft.StateMachine<R> machine;
    private final RegionSnapshots snapshots;

    // Apply thread only.
    private final List<Entry> run = new ArrayList<>();
    private final List<@Nullable Proposal<R>> proposals = new ArrayList<>();
    private long runBytes;

    GroupMachine(
            RaftGroup<R> group,
            StorageEngine engine,
            io.flaredb.raft.StateMachine<R> machine,
            RegionSnapshots snapshots) {
        this.group = group;
        this.region = group.region();
        this.engine = engine;
        this.machine = machine;
        this.snapshots = snapshots;
    }

    @Override
    public void onApply(Iterator entries) {
        long applied = engine.appliedIndex(region);
        while (entries.hasNext()) {
            // Entries that a snapshot was ahead of, or that were flushed before a restart.
            if (Long.compareUnsigned(entries.getIndex(), applied) > 0) {
                add(entries);
                if (run.size() >= MAX_RUN_ENTRIES || runBytes >= MAX_RUN_BYTES) {
                    applyRun();
                }
            }
            entries.next();
        }
        if (!run.isEmpty()) {
            applyRun();
        }
    }

    @SuppressWarnings("unchecked") // the group's only closures are its proposals
    private void add(Iterator entries) {
        byte[] bytes = bytes(entries.getData());
        run.add(new Entry(entries.getIndex(), entries.getTerm(), bytes));
        proposals.add((Proposal<R>) entries.done());
        runBytes += bytes.length;
    }

    /** The bytes themselves where they are nothing but these: nobody changes them any more. */
    private static byte[] bytes(ByteBuffer data) {
        if (data.hasArray()
                && data.arrayOffset() == 0
                && data.position() == 0
                && data.remaining() == data.array().length) {
            return data.array();
        }
        byte[] bytes = new byte[data.remaining()];
        data.duplicate().get(bytes);
        return bytes;
    }

    private void applyRun() {
        try {
            List<R> results = machine.apply(List.copyOf(run));
            CrashPoint.ANSWERING.reached();
            if (results.size() != run.size()) {
                throw new IllegalStateException(
                        run.size() + " entries came to " + results.size() + " results");
            }
            for (int i = 0; i < results.size(); i++) {
                @Nullable Proposal<R> proposal = proposals.get(i);
                if (proposal != null) {
                    proposal.complete(results.get(i));
                }
            }
            snapshots.applied(run.size(), runBytes);
        } catch (RuntimeException | Error e) {
            for (@Nullable Proposal<R> proposal : proposals) {
                if (proposal != null) {
                    proposal.outcome()
                            .completeExceptionally(
                                    new OutcomeUnknownException("the replica failed: " + e));
                }
            }
            group.fail(e);
            throw e; // the library stops the replica
        } finally {
            run.clear();
            proposals.clear();
            runBytes = 0;
        }
    }

    @Override
    public void onSnapshotSave(SnapshotWriter writer, Closure done) {
        snapshots.save(engine.appliedIndex(region), done);
    }

    @Override
    public boolean onSnapshotLoad(SnapshotReader reader) {
        try {
            snapshots.load(reader, machine);
            return true;
        } catch (RuntimeException | Error e) {
            group.fail(e);
            return false;
        }
    }

    @Override
    public void onLeaderStart(long term) {
        group.leads(term);
    }

    @Override
    public void onLeaderStop(Status status) {
        group.become(new GroupState(GroupState.Role.FOLLOWER, null, group.state().term()));
    }

    @Override
    public void onStartFollowing(LeaderChangeContext change) {
        PeerId leader = change.getLeaderId();
        group.become(
                new GroupState(
                        GroupState.Role.FOLLOWER, Names.peerOrNull(leader), change.getTerm()));
    }

    @Override
    public void onStopFollowing(LeaderChangeContext change) {
        group.become(new GroupState(GroupState.Role.FOLLOWER, null, group.state().term()));
    }

    @Override
    public void onConfigurationCommitted(Configuration configuration) {
        group.membersChanged(Names.members(configuration));
    }

    @Override
    public void onError(RaftException e) {
        // Its own message is no more than the type.
        group.fail(
                new IllegalStateException(
                        "replica %s of region %s: %s: %s"
                                .formatted(
                                        group.self(),
                                        region,
                                        e.getType(),
                                        e.getStatus().getErrorMsg()),
                        e));
    }

    @Override
    public void onShutdown() {
        LOG.debug("replica {} of region {} has stopped", group.self(), region);
    }
}
