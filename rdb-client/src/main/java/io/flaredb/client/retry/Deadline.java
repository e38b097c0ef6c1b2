package io.flaredb.client.retry;

import java.time.Duration;

/** The moment at which an operation gives up. Immutable. */
public final class Deadline {
    private final long atNanos; // of System.nanoTime
    private final Duration timeout;

    private Deadline(long atNanos, Duration timeout) {
        this.atNanos = atNanos;
        this.timeout = timeout;
    }

    /** A deadline that lies {@code timeout} ahead of now. */
    public static Deadline after(Duration timeout) {
        return new Deadline(System.nanoTime() + timeout.toNanos(), timeout);
    }

    /** How long it is until then; 0 or less: it is over. */
    public long remainingNanos() {
        return atNanos - System.nanoTime();
    }

    public boolean isOver() {
        return remainingNanos() <= 0;
    }

    /** The same time once more, from now on. */
    public Deadline anew() {
        return after(timeout);
    }

    /** The time there was in all. */
    public long timeoutNanos() {
        return timeout.toNanos();
    }

    /** The time there was in all, for a message: "5 s" or "250 ms". */
    public String timeoutText() {
        long millis = timeout.toMillis();
        return millis % 1_000 == 0 ? millis / 1_000 + " s" : millis + " ms";
    }

    /** What a message of failure ends with: " (gave up after 5 s)". */
    public String gaveUp() {
        return " (gave up after " + timeoutText() + ")";
    }
}
