package io.flaredb.it.load;

import com.google.errorprone.annotations.concurrent.GuardedBy;

/** Lets a load's threads do one operation after another, until it is closed. Thread-safe. */
final class Gate {
    @GuardedBy("this")
    private boolean closed;

    @GuardedBy("this")
    private int inside;

    /** Waits while the gate is closed. What a thread did inside is seen by {@link #awaitEmpty}. */
    synchronized void enter() throws InterruptedException {
        while (closed) {
            wait();
        }
        inside++;
    }

    synchronized void leave() {
        inside--;
        notifyAll();
    }

    /** From now on nobody gets in. */
    synchronized void close() {
        closed = true;
    }

    /** Waits until everybody is out. Operations have a timeout of their own, so this ends. */
    synchronized void awaitEmpty() throws InterruptedException {
        while (inside > 0) {
            wait();
        }
    }

    synchronized void open() {
        closed = false;
        notifyAll();
    }
}
