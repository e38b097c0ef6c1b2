package io.flaredb.bench;

import java.time.Duration;

/**
 * What was answered in a short while of a load.
 *
 * @param end since the load was first measured
 * @param length of the window
 * @param operations answered with success
 * @param p99 99 of 100 of them were answered at least as fast
 */
public record Window(Duration end, Duration length, long operations, Duration p99) {
    /** Operations answered with success per second. */
    public double perSecond() {
        return operations * 1e9 / length.toNanos();
    }
}
