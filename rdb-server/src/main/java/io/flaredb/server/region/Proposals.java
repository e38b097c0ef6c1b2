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
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Puts the clients' entries that come together into one entry of the log: what a message of many
 * commands brings costs the log, the followers and the library once. Thread-safe.
 *
 * <p>An entry that comes alone goes alone, at once: nothing here waits for more to come.
 */
final class Proposals {
    private static final int MAX_PARTS = 512;

    /** An entry is closed at this size; a single part may be larger. */
    private static final int MAX_BYTES = 128 * 1024;

    private final Function<byte[], CompletableFuture<Applied>> group;
    private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>(); // bounded by the backlog
    private final AtomicBoolean woken = new AtomicBoolean(); // someone will look there

    private record Waiting(byte[] entry, CompletableFuture<Applied> outcome) {}

    /**
     * @param group proposes an entry; never throws
     */
    Proposals(Function<byte[], CompletableFuture<Applied>> group) {
        this.group = group;
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
        List<Waiting> together = new ArrayList<>();
        int bytes = 0;
        for (Waiting next = waiting.poll(); next != null; next = waiting.poll()) {
            if (!together.isEmpty()
                    && (together.size() == MAX_PARTS || bytes + next.entry().length > MAX_BYTES)) {
                propose(together);
                together = new ArrayList<>();
                bytes = 0;
            }
            together.add(next);
            bytes += next.entry().length;
        }
        if (!together.isEmpty()) {
            propose(together);
        }
    }

    private void propose(List<Waiting> together) {
        if (together.size() == 1) {
            CompletableFuture<Applied> outcome = together.get(0).outcome();
            group.apply(together.get(0).entry())
                    .whenComplete((applied, failure) -> end(outcome, applied, failure));
            return;
        }
        byte[] several = LogEntryCodec.encodeSeveral(together.stream().map(Waiting::entry).toList());
        group.apply(several).whenComplete((applied, failure) -> endAll(together, applied, failure));
    }

    private static void endAll(
            List<Waiting> together, @Nullable Applied applied, @Nullable Throwable failure) {
        List<Applied> parts =
                applied instanceof Applied.Several several ? several.parts() : List.of();
        for (int i = 0; i < together.size(); i++) {
            Applied part = i < parts.size() ? parts.get(i) : null;
            end(together.get(i).outcome(), part, failure);
        }
    }

    private static void end(
            CompletableFuture<Applied> outcome,
            @Nullable Applied applied,
            @Nullable Throwable failure) {
        if (failure != null) {
            outcome.completeExceptionally(failure);
        } else if (applied == null) {
            outcome.completeExceptionally(
                    new IllegalStateException("an entry of several came to something else"));
        } else {
            outcome.complete(applied);
        }
    }
}
