package io.flaredb.client.retry;

import java.util.concurrent.ThreadLocalRandom;

/**
 * Pauses between the attempts of one operation: each about twice the one before, up to a bound,
 * with jitter so that those who failed together do not come back together.
 *
 * <p>Not thread-safe: belongs to one operation, whose attempts follow each other.
 */
public final class Backoff {
    private final long maxNanos;
    private long nextNanos;

    /**
     * @param firstNanos longest first pause
     * @param maxNanos longest pause of all
     */
    public Backoff(long firstNanos, long maxNanos) {
        this.nextNanos = firstNanos;
        this.maxNanos = maxNanos;
    }

    /** The next pause: at least half of what it may be. */
    public long nextPauseNanos() {
        long most = nextNanos;
        nextNanos = Math.min(maxNanos, most * 2);
        return most / 2 + ThreadLocalRandom.current().nextLong(most / 2 + 1);
    }
}
