package io.flaredb.server.write;

import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Proposals that wait for the commit thread, bounded in number and in bytes, so that a slow disk
 * turns into {@code ServerIsBusy} and not into a full heap.
 *
 * <p>Offered to by any thread, drained by one.
 */
final class ProposalQueue {
    private final BlockingQueue<Proposal> waiting;
    private final AtomicLong waitingBytes = new AtomicLong();
    private final long maxBytes;

    ProposalQueue(int maxProposals, long maxBytes) {
        this.waiting = new ArrayBlockingQueue<>(maxProposals);
        this.maxBytes = maxBytes;
    }

    /** False: the queue is full, the proposal is surely not carried out. Never blocks. */
    boolean offer(Proposal proposal) {
        long bytesBefore = waitingBytes.getAndAdd(proposal.sizeBytes());
        // A single proposal larger than the bound still passes through an empty queue.
        boolean fits = bytesBefore == 0 || bytesBefore + proposal.sizeBytes() <= maxBytes;
        if (fits && waiting.offer(proposal)) {
            return true;
        }
        waitingBytes.addAndGet(-proposal.sizeBytes());
        return false;
    }

    /**
     * Moves what waits to {@code batch}, oldest first, until it holds {@code maxProposals} or at
     * least {@code maxBatchBytes}. Waits for the first proposal.
     *
     * @return false if nothing came within the time
     */
    boolean drainTo(List<Proposal> batch, int maxProposals, long maxBatchBytes, long waitMillis)
            throws InterruptedException {
        @Nullable Proposal next = waiting.poll(waitMillis, TimeUnit.MILLISECONDS);
        long bytes = 0;
        while (next != null) {
            batch.add(next);
            bytes += next.sizeBytes();
            boolean more = batch.size() < maxProposals && bytes < maxBatchBytes;
            next = more ? waiting.poll() : null;
        }
        waitingBytes.addAndGet(-bytes);
        return !batch.isEmpty();
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }
}
