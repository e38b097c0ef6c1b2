package io.flaredb.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * While this is open, a process that is told to end, by Ctrl-C say, interrupts the thread that has
 * opened it and waits until that has closed it: so it can report what it has measured, and delete
 * what it has made. Waits for 20 s at most.
 */
final class EndOnSignal implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 10;

    private final Thread owner = Thread.currentThread();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread onSignal = new Thread(this::hurry, "end-on-signal");

    private EndOnSignal() {}

    static EndOnSignal ofThisThread() {
        EndOnSignal end = new EndOnSignal();
        Runtime.getRuntime().addShutdownHook(end.onSignal);
        return end;
    }

    private void hurry() {
        try {
            owner.interrupt();
            if (!closed.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                owner.interrupt(); // it may wait for operations that nobody answers
                boolean _ = closed.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(onSignal);
        } catch (IllegalStateException e) {
            // It is what has ended the owner's work.
        }
    }
}
