package io.flaredb.it.torture;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Keeps one thread to a rate; what it was late for by more than a second is left out. */
final class Pace {
    private static final long MOST_LATE_NANOS = 1_000_000_000L;

    private final long intervalNanos;
    private long nextNanos = System.nanoTime();

    Pace(double perSecond) {
        intervalNanos = (long) (1e9 / perSecond);
    }

    /** Waits until the next step is due, or the thread is interrupted. */
    void await() {
        nextNanos = Math.max(nextNanos + intervalNanos, System.nanoTime() - MOST_LATE_NANOS);
        until(nextNanos);
    }

    /**
     * Lets time pass while a fault lasts, or the cluster is left alone; never to wait for a state.
     */
    static void let(Duration pass) {
        until(System.nanoTime() + pass.toNanos());
    }

    private static void until(long nanos) {
        long left = nanos - System.nanoTime();
        while (left > 0 && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(left);
            left = nanos - System.nanoTime();
        }
    }
}
