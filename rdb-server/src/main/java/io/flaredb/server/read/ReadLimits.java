package io.flaredb.server.read;

/**
 * What a store reads at once before it answers {@code ServerIsBusy}.
 *
 * @param threads that read; more than cores only helps where reads wait for a disk
 * @param maxWaiting most reads that wait for a thread
 * @param maxResponseBytes size of keys and values at which a scan or batch get ends one response
 * @param maxUnsentBytes of answers that wait to be sent, because their callers do not take them;
 *     beyond that nothing is read, and conflicts leave their values out
 * @param busyBackoffMillis what a refused client is told to wait at least
 */
public record ReadLimits(
        int threads,
        int maxWaiting,
        int maxResponseBytes,
        long maxUnsentBytes,
        int busyBackoffMillis) {

    public static final ReadLimits DEFAULT =
            new ReadLimits(
                    Math.max(2, Runtime.getRuntime().availableProcessors()),
                    16_384,
                    4 << 20,
                    Runtime.getRuntime().maxMemory() / 8,
                    20);

    public ReadLimits {
        requirePositive("threads", threads);
        requirePositive("max-waiting", maxWaiting);
        requirePositive("max-response-bytes", maxResponseBytes);
        requirePositive("max-unsent-bytes", maxUnsentBytes);
        requirePositive("busy-backoff-millis", busyBackoffMillis);
    }

    private static void requirePositive(String name, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException(
                    "read." + name + " is " + value + ": allowed are 1 and more");
        }
    }
}
