package io.flaredb.client.remote;

import io.flaredb.client.retry.Timer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Watches calls that change something, which must not be cut short once they may have been sent.
 * One that still waits for a connection when its time is over is ended, so that it can go
 * elsewhere; of one that was sent the watcher is told. Thread-safe.
 *
 * <p>One timer for all of them, and exact to {@value #SWEEP_MILLIS} ms only: a timer for each call
 * would cost more than the call.
 */
final class SlowCalls implements AutoCloseable {
    private static final long SWEEP_MILLIS = 25;

    private final Timer timer;
    private final Set<Watched> watched = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean sweepPlanned = new AtomicBoolean();
    private volatile boolean closed;

    SlowCalls(Timer timer) {
        this.timer = timer;
    }

    private static final class Watched {
        private final UnaryCall<?> call;
        private final long atNanos; // of System.nanoTime
        private final Runnable sentAndSlow;

        Watched(UnaryCall<?> call, long atNanos, Runnable sentAndSlow) {
            this.call = call;
            this.atNanos = atNanos;
            this.sentAndSlow = sentAndSlow;
        }
    }

    /**
     * @param sentAndSlow runs on the timer's thread; must not block
     */
    void watch(UnaryCall<?> call, long patienceNanos, Runnable sentAndSlow) {
        Watched entry = new Watched(call, System.nanoTime() + patienceNanos, sentAndSlow);
        watched.add(entry);
        call.result().whenComplete((answer, error) -> watched.remove(entry));
        plan();
    }

    private void plan() {
        if (sweepPlanned.compareAndSet(false, true)) {
            timer.after(TimeUnit.MILLISECONDS.toNanos(SWEEP_MILLIS), this::sweep);
        }
    }

    /** Watches no longer. */
    @Override
    public void close() {
        closed = true;
    }

    private void sweep() {
        long now = System.nanoTime();
        for (Watched entry : watched) {
            if (now - entry.atNanos >= 0 && watched.remove(entry)) {
                if (!entry.call.cancelUnlessSent()) {
                    entry.sentAndSlow.run();
                }
            }
        }
        sweepPlanned.set(false);
        if (!watched.isEmpty() && !closed) { // also those that came while a sweep was planned
            plan();
        }
    }
}
