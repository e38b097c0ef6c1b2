package io.flaredb.client;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;

/**
 * How a {@link FlareDb} behaves. Start from {@link #defaults()} and change what is needed:
 *
 * <pre>{@code
 * FlareDbOptions.defaults().withTimeout(Duration.ofSeconds(2))
 * }</pre>
 *
 * @param timeout for one operation, retries included; 1 ms to 1 day, 5 s by default
 * @param maxInFlight operations that may be under way at once, 65,536 by default; one more fails
 *     with {@link UnavailableException} at once
 * @param executor completes the futures of the asynchronous views and runs the function of {@link
 *     AsyncCasKv#update}; the common pool by default
 */
public record FlareDbOptions(Duration timeout, int maxInFlight, Executor executor) {
    private static final Duration MIN_TIMEOUT = Duration.ofMillis(1);
    private static final Duration MAX_TIMEOUT = Duration.ofDays(1);
    private static final int MAX_MAX_IN_FLIGHT = 1 << 20;

    /**
     * Checks what is given.
     *
     * @throws InvalidRequestException naming what is out of range and what is allowed
     */
    public FlareDbOptions {
        Objects.requireNonNull(executor, "executor");
        if (timeout.compareTo(MIN_TIMEOUT) < 0 || timeout.compareTo(MAX_TIMEOUT) > 0) {
            throw new InvalidRequestException(
                    "timeout is " + timeout + ": allowed are 1 ms to 1 day");
        }
        if (maxInFlight < 1 || maxInFlight > MAX_MAX_IN_FLIGHT) {
            throw new InvalidRequestException(
                    "max-in-flight is " + maxInFlight + ": allowed are 1 to " + MAX_MAX_IN_FLIGHT);
        }
    }

    /** What holds where nothing else is said. */
    public static FlareDbOptions defaults() {
        return new FlareDbOptions(Duration.ofSeconds(5), 1 << 16, ForkJoinPool.commonPool());
    }

    public FlareDbOptions withTimeout(Duration timeout) {
        return new FlareDbOptions(timeout, maxInFlight, executor);
    }

    public FlareDbOptions withMaxInFlight(int maxInFlight) {
        return new FlareDbOptions(timeout, maxInFlight, executor);
    }

    public FlareDbOptions withExecutor(Executor executor) {
        return new FlareDbOptions(timeout, maxInFlight, executor);
    }
}
