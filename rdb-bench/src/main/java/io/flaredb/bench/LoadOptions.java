package io.flaredb.bench;

import java.time.Duration;

/**
 * A load: one workload, as fast as the answers come or at a rate.
 *
 * @param inFlight operations under way at any time, at least 1; at a fixed rate the most there may
 *     be, and one more waits, which counts as part of its latency
 * @param perSecond operations to begin per second, evenly spaced, whether or not the ones before
 *     are answered; 0 for the closed loop, in which each answer is followed by the next operation
 * @param duration how long it is measured
 */
public record LoadOptions(
        Workload workload, int inFlight, int perSecond, WarmUp warmUp, Duration duration) {
    public LoadOptions {
        if (inFlight < 1) {
            throw new IllegalArgumentException("in-flight is " + inFlight + ": at least 1");
        }
        if (perSecond < 0) {
            throw new IllegalArgumentException("rate is " + perSecond + ": at least 0");
        }
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException("duration is " + duration + ": above 0");
        }
    }

    /** Whether operations begin at fixed times rather than when others are answered. */
    public boolean isFixedRate() {
        return perSecond > 0;
    }
}
