package io.flaredb.bench;

import java.time.Duration;

/**
 * What a load came to while it was measured.
 *
 * @param operations answered with success
 * @param failures operations that failed; they are not part of the other numbers
 * @param elapsed how long it was measured
 * @param p50 the half of the operations were answered at least as fast
 * @param p99 99 of 100 were
 * @param max the slowest
 */
public record LoadResult(
        LoadOptions options,
        long operations,
        long failures,
        Duration elapsed,
        Duration p50,
        Duration p99,
        Duration max) {

    /** Operations answered with success per second. */
    public double perSecond() {
        return operations * 1e9 / elapsed.toNanos();
    }
}
