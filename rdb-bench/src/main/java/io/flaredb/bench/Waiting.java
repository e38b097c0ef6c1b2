package io.flaredb.bench;

import java.util.concurrent.locks.LockSupport;

/** Waits for a time to come. */
final class Waiting {
    private Waiting() {}

    /**
     * Waits until {@link System#nanoTime()} has come to {@code nanos}.
     *
     * @throws InterruptedException if the thread is interrupted meanwhile
     */
    static void until(long nanos) throws InterruptedException {
        for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
            forNanos(left);
        }
    }

    /** Waits about that long, perhaps shorter. */
    static void forNanos(long nanos) throws InterruptedException {
        LockSupport.parkNanos(nanos);
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }
}
