package io.flaredb.it.history;

import java.time.Duration;

/**
 * How much a check may take before it says "undecided".
 *
 * @param timeout for all keys of a history; what one key leaves is for the others
 * @param memoryBytes for the states remembered while one key is checked, estimated
 */
public record Limits(Duration timeout, long memoryBytes) {
    /** A minute, and 256 MiB: a test's JVM has about 1 GiB. */
    public static final Limits DEFAULT = new Limits(Duration.ofMinutes(1), 256L << 20);
}
