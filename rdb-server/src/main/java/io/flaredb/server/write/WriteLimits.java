package io.flaredb.server.write;

/**
 * What a store takes on before it answers {@code ServerIsBusy}, and how it cuts batches.
 *
 * @param maxWaiting most writes that wait to be committed
 * @param maxWaitingBytes most bytes of keys and values that wait
 * @param maxBatch most writes that share one fsync; bounds how long the first of them waits
 * @param maxBatchBytes size at which a batch is closed
 * @param busyBackoffMillis what a refused client is told to wait at least
 */
public record WriteLimits(
        int maxWaiting,
        long maxWaitingBytes,
        int maxBatch,
        long maxBatchBytes,
        int busyBackoffMillis) {

    public static final WriteLimits DEFAULT =
            new WriteLimits(16_384, 64L << 20, 1_024, 8L << 20, 20);

    public WriteLimits {
        requirePositive("max-waiting", maxWaiting);
        requirePositive("max-waiting-bytes", maxWaitingBytes);
        requirePositive("max-batch", maxBatch);
        requirePositive("max-batch-bytes", maxBatchBytes);
        requirePositive("busy-backoff-millis", busyBackoffMillis);
    }

    private static void requirePositive(String name, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException(
                    "write." + name + " is " + value + ": allowed are 1 and more");
        }
    }
}
