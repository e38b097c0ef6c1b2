package io.flaredb.server.write;

/**
 * What a store takes on before it answers {@code ServerIsBusy}.
 *
 * @param maxWaitingBytes most bytes of keys and values that wait to be replicated and applied, over
 *     all regions; how many writes may wait is bounded by each region's group
 * @param busyBackoffMillis what a refused client is told to wait at least
 */
public record WriteLimits(long maxWaitingBytes, int busyBackoffMillis) {

    public static final WriteLimits DEFAULT = new WriteLimits(64L << 20, 20);

    public WriteLimits {
        requirePositive("max-waiting-bytes", maxWaitingBytes);
        requirePositive("busy-backoff-millis", busyBackoffMillis);
    }

    private static void requirePositive(String name, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException(
                    "write." + name + " is " + value + ": allowed are 1 and more");
        }
    }
}
