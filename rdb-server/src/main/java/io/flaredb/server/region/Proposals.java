package io.flaredb.server.region;

import io.flaredb.server.log.Applied;
import io.flaredb.server.log.LogEntryCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Puts the clients' entries that come together into one entry of the log: what a message of many
 * commands brings costs the log, the followers and the library once. So does what comes while
 * enough entries are under way. Thread-safe.
 *
 * <p>An entry that comes alone goes alone, at once: nothing here waits for more to come.
 */
final class Proposals {
    private static final int MAX_PARTS = 512;

    /** An entry is closed at this size; a single part may be larger. */
    private static final int MAX_BYTES = 128 * 1024;

    /**
     * While one is gathered, others are on their way to the disks and being applied: so many keep a
     * store busy, whichever regions they are of, and more would only be smaller. Each region may
     * have one all the same, so that it waits for no other one.
     */
    private static final int MOST_UNDER_WAY = 4;

    private final Function<byte[], CompletableFuture<Applied>> group;
    private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>(); // bounded by the backlog
    private final AtomicBoolean woken = new AtomicBoolean(); // someone will look there
    private final AtomicInteger underWay = new AtomicInteger(); // entries
    private final AtomicInteger underWayInStore;

    private record Waiting(byte[] entry, CompletableFuture<Applied> outcome) {}

    /**
     * @param group proposes an entry; never throws
     * @param underWayInStore the number of entries under way, the same one for all regions
     */
    Proposals(Function<byte[], CompletableFuture<Applied>> group, AtomicInteger underWayInStore) {
        this.group = group;
        this.underWayInStore = underWayInStore;
    }

    /**
     * Proposes a client's entry.
     *
     * @param soon runs tasks once its thread has seen what else has come; or at once, then the
     *     entry goes alone
     */
    CompletableFuture<Applied> add(byte[] entry, Executor soon) {
        CompletableFuture<Applied> outcome = new CompletableFuture<>();
        waiting.add(new Waiting(entry, outcome));
        if (!woken.get() && woken.compareAndSet(false, true)) {
            try {
                soon.execute(this::drain);
            } catch (RejectedExecutionException closed) {
                drain();
            }
        }
        return outcome;
    }

    private void drain() {
        woken.set(false); // before looking: who comes later wakes again
        while (!waiting.isEmpty() && begin()) {
            List<Waiting> together = together();
            if (together.isEmpty()) { // someone else was faster
                end();
            } else {
                propose(together);
            }
        }
    }

    /** Whether one more entry may be under way; then it counts. */
    private boolean begin() {
        int before = underWay.get();
        while (before == 0 || underWayInStore.get() < MOST_UNDER_WAY) {
            int seen = underWay.compareAndExchange(before, before + 1);
            if (seen == before) {
                underWayInStore.incrementAndGet();
                return true;
            }
            before = seen;
        }
        return false;
    }

    private void end() {
        underWay.decrementAndGet();
        underWayInStore.decrementAndGet();
    }

    /** Synchronized, so that what is looked at is what is taken. */
    private synchronized List<Waiting> together() {
        List<Waiting> together = new ArrayList<>();
        int bytes = 0;
        for (Waiting next = waiting.peek(); next != null; next = waiting.peek()) {
            bytes += next.entry().length;
            if (!together.isEmpty() && (together.size() == MAX_PARTS || bytes > MAX_BYTES)) {
                break;
            }
            together.add(waiting.remove());
        }
        return together;
    }

    private void propose(List<Waiting> together) {
        byte[] entry =
                together.size() == 1
                        ? together.get(0).entry()
                        : LogEntryCodec.encodeSeveral(
                                together.stream().map(Waiting::entry).toList());
        CompletableFuture<Applied> outcome = group.apply(entry);
        boolean atOnce = outcome.isDone(); // refused; who drains goes on by itself
        outcome.whenComplete((applied, failure) -> {
            end();
            if (!atOnce) {
                drain(); // first: who waits for an answer has others to wait for the disk
            }
            endAll(together, applied, failure);
        });
    }

    private static void endAll(
            List<Waiting> together, @Nullable Applied applied, @Nullable Throwable failure) {
        for (int i = 0; i < together.size(); i++) {
            Applied part = applied instanceof Applied.Several(var parts) ? parts.get(i) : applied;
            end(together.get(i).outcome(), part, failure);
        }
    }

    private static void end(
            CompletableFuture<Applied> outcome,
            @Nullable Applied applied,
            @Nullable Throwable failure) {
        if (failure != null) {
            outcome.completeExceptionally(failure);
        } else {
            outcome.complete(applied);
        }
    }
}
