package io.flaredb.bench;

import java.time.Duration;

/**
 * A load in a closed loop: so many operations are under way at any time, and each that is answered
 * is followed by another.
 *
 * @param inFlight operations under way, 1 to 65,536
 * @param warmUp how long the load runs before it is measured
 * @param duration how long it is measured
 * @param valueBytes size of each value, 0 to 4 MiB
 * @param keys how many there are, at least {@code inFlight}; picked at random, evenly
 * @param seed of the random picks
 */
public record LoadOptions(
        Workload workload,
        int inFlight,
        Duration warmUp,
        Duration duration,
        int valueBytes,
        int keys,
        long seed) {
    public LoadOptions {
        if (inFlight < 1 || keys < inFlight) {
            throw new IllegalArgumentException(
                    "in-flight is %d with %d keys: allowed are 1 to the number of keys"
                            .formatted(inFlight, keys));
        }
    }
}
