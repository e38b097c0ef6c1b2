package io.flaredb.bench;

import io.flaredb.bytes.Bytes;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A store in memory that answers puts when it is told to, and knows nothing else. */
final class HeldTarget implements Target {
    private final Queue<CompletableFuture<?>> held = new ConcurrentLinkedQueue<>();
    private final AtomicInteger begun = new AtomicInteger();
    private volatile boolean holding = true;

    /** How many puts there have been. */
    int begun() {
        return begun.get();
    }

    /** Answers all that is held, and from now on everything at once. */
    void release() {
        holding = false;
        for (var each = held.poll(); each != null; each = held.poll()) {
            each.complete(null);
        }
    }

    /** Fails all that is held, and goes on holding. */
    void fail() {
        for (var each = held.poll(); each != null; each = held.poll()) {
            each.completeExceptionally(new IllegalStateException("an outage"));
        }
    }

    @Override
    public String name() {
        return "held";
    }

    @Override
    public boolean supports(Workload workload) {
        return workload == Workload.PUT;
    }

    @Override
    public CompletableFuture<?> put(Bytes key, Bytes value) {
        CompletableFuture<?> answer = new CompletableFuture<>();
        begun.incrementAndGet();
        held.add(answer);
        if (!holding) {
            release();
        }
        return answer;
    }

    @Override
    public void close() {}
}
