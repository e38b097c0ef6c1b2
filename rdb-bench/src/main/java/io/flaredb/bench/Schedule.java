package io.flaredb.bench;

import java.util.concurrent.TimeUnit;

/**
 * When the operations of a fixed rate ought to begin, whatever becomes of those before them: that
 * is what their latency counts from. Counting from when they really began would leave out the
 * waiting that a slow answer causes for all that are behind it ("coordinated omission").
 *
 * @param originNanos when the first begins, of {@link System#nanoTime()}
 * @param endNanos none begins at or after it
 * @param perSecond at least 1
 */
record Schedule(long originNanos, long endNanos, int perSecond) {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    /**
     * Rounded for each by itself, so that no error adds up.
     *
     * @param number from 0
     */
    long startNanos(long number) {
        long seconds = number / perSecond;
        long within = number % perSecond * SECOND / perSecond;
        return originNanos + seconds * SECOND + within;
    }

    /** How many there are before the end. */
    long operations() {
        long length = endNanos - originNanos;
        long whole = length / SECOND * perSecond;
        // The least number whose start is at the end or behind it.
        long rest = length % SECOND * perSecond;
        return whole + (rest + SECOND - 1) / SECOND;
    }
}
