package io.flaredb.server.write;

import io.flaredb.server.region.RegionErrors;
import io.flaredb.storage.ApplyBatch;
import io.flaredb.storage.Command;
import io.flaredb.storage.NotWritableException;
import io.flaredb.storage.Outcome;
import io.flaredb.storage.RegionId;
import io.flaredb.storage.StorageEngine;
import io.flaredb.storage.WriteFailedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out proposals in the order in which they came: all that wait share one write batch and
 * one fsync, over all regions of the store. While one batch syncs the next one gathers, so batches
 * grow with the load and a lone write waits for nobody.
 *
 * <p>Commands are decided here, one after the other, each seeing the effects of those before it; so
 * of two swaps on one version exactly one wins. (DESIGN, "One write path".)
 *
 * <p>Thread-safe. Outcomes are completed on the commit thread: whoever depends on one must not
 * block.
 */
public final class GroupCommit implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(GroupCommit.class);

    /** How long the commit thread may take to notice that it shall stop. */
    private static final long IDLE_WAKEUP_MILLIS = 100;

    private final StorageEngine engine;
    private final WriteLimits limits;
    private final Consumer<Throwable> onFatal;
    private final ProposalQueue queue;
    private final Thread thread;
    private volatile boolean closing;

    /**
     * @param onFatal told of what the store must not go on after: corruption, a fault of our own
     */
    public GroupCommit(StorageEngine engine, WriteLimits limits, Consumer<Throwable> onFatal) {
        this.engine = engine;
        this.limits = limits;
        this.onFatal = onFatal;
        this.queue = new ProposalQueue(limits.maxWaiting(), limits.maxWaitingBytes());
        this.thread = Thread.ofPlatform().name("group-commit").unstarted(this::run);
    }

    /** Starts the commit thread; what was proposed before waits for it. */
    public void start() {
        thread.start();
    }

    /**
     * Hands a command over; never blocks.
     *
     * @return completed once the effect is durable. Fails with a {@code RegionException} if the
     *     command was surely not carried out, with {@code IllegalArgumentException} if it can never
     *     be, and with any other {@code StorageException} if its fate is unknown.
     */
    public CompletableFuture<Outcome> propose(RegionId region, Command command) {
        Proposal proposal = Proposal.of(region, command);
        if (closing || !queue.offer(proposal)) {
            proposal.outcome().completeExceptionally(busy());
        } else if (thread.getState() == Thread.State.TERMINATED) {
            refuseWaiting(); // offered while the thread was ending: nobody else will take it
        }
        return proposal.outcome();
    }

    /** Carries out what was accepted, then stops; what comes later is refused as busy. */
    @Override
    public void close() {
        closing = true;
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true; // an accepted write is not dropped because a stop is impatient
            }
        }
        refuseWaiting();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        List<Proposal> batch = new ArrayList<>();
        while (!closing || !queue.isEmpty()) {
            try {
                if (queue.drainTo(
                        batch, limits.maxBatch(), limits.maxBatchBytes(), IDLE_WAKEUP_MILLIS)) {
                    commit(batch);
                }
            } catch (InterruptedException e) {
                log.warn("the commit thread was interrupted; only close() stops it");
            } finally {
                batch.clear();
            }
        }
    }

    private void commit(List<Proposal> batch) {
        List<@Nullable Outcome> outcomes = new ArrayList<>(batch.size());
        try (ApplyBatch writes = engine.newBatch()) {
            Map<RegionId, Long> lastIndex = new HashMap<>();
            for (Proposal proposal : batch) {
                outcomes.add(decide(writes, lastIndex, proposal));
            }
            writes.commit();
        } catch (NotWritableException e) {
            fail(batch, RegionErrors.storeNotWritable(String.valueOf(e.getMessage())));
            return;
        } catch (WriteFailedException e) {
            log.error("the fate of {} writes is unknown: {}", batch.size(), e.getMessage());
            fail(batch, e);
            return;
        } catch (RuntimeException | Error e) {
            fail(batch, e);
            onFatal.accept(e);
            return;
        }
        for (int i = 0; i < batch.size(); i++) {
            @Nullable Outcome outcome = outcomes.get(i);
            if (outcome != null) {
                batch.get(i).outcome().complete(outcome);
            }
        }
    }

    /** The command's outcome; null if it can never be carried out, and its proposer knows. */
    private @Nullable Outcome decide(
            ApplyBatch writes, Map<RegionId, Long> lastIndex, Proposal proposal) {
        RegionId region = proposal.region();
        long index = lastIndex.computeIfAbsent(region, engine::appliedIndex) + 1;
        try {
            Outcome outcome = writes.apply(region, index, proposal.command());
            lastIndex.put(region, index);
            return outcome;
        } catch (IllegalArgumentException e) {
            proposal.outcome().completeExceptionally(e);
            return null;
        }
    }

    private void refuseWaiting() {
        List<Proposal> late = new ArrayList<>();
        try {
            while (queue.drainTo(late, Integer.MAX_VALUE, Long.MAX_VALUE, 0)) {
                fail(late, busy());
                late.clear();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void fail(List<Proposal> batch, Throwable cause) {
        for (Proposal proposal : batch) {
            proposal.outcome().completeExceptionally(cause); // no effect where already complete
        }
    }

    private RuntimeException busy() {
        return RegionErrors.serverIsBusy(Duration.ofMillis(limits.busyBackoffMillis()));
    }
}
