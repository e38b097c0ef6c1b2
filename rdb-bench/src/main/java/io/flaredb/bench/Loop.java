package io.flaredb.bench;

import java.util.stream.LongStream;

/** Keeps operations going. One thread, the load's, starts, measures and ends it. */
sealed interface Loop permits ClosedLoop, FixedRate {
    /** Begins operations. What is recorded from here on is the warm-up. */
    void start();

    /**
     * Measures from now on.
     *
     * @param endNanos until when, of {@link System#nanoTime()}
     */
    void measure(long endNanos);

    /**
     * Begins no more operations and waits until those under way have ended, which they do within
     * their own timeouts; what they are answered is late. May be called again.
     */
    void end() throws InterruptedException;

    /**
     * Once it has ended: the operations that ought to have begun while it was measured and did not,
     * each as the nanoseconds that it had waited at the end.
     */
    LongStream notSentNanos();
}
