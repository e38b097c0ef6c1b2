package io.flaredb.server.write;

import java.time.Duration;

/**
 * What a store takes on before it answers {@code ServerIsBusy}, and how long it remembers what came
 * of it.
 *
 * @param maxWaitingBytes most bytes of writes that wait to be replicated and applied, over all
 *     regions: keys, values and 2 KiB for each write, which bounds how many there may be
 * @param busyBackoffMillis what a refused client is told to wait at least
 * @param rememberFor how long a client may be idle before the outcomes of its writes are forgotten;
 *     a repeat that comes later is refused; 1 s to 1 day
 */
public record WriteLimits(long maxWaitingBytes, int busyBackoffMillis, Duration rememberFor) {
    public static final Duration SHORTEST_REMEMBERED = Duration.ofSeconds(1);
    public static final Duration LONGEST_REMEMBERED = Duration.ofDays(1);

    /**
     * 64 MiB may wait, or a sixteenth of the heap if that is less: on its way a write is held
     * several times, as what was received, as an entry and as what is sent to each follower.
     */
    public static final WriteLimits DEFAULT =
            new WriteLimits(
                    Math.min(64L << 20, Runtime.getRuntime().maxMemory() / 16),
                    20,
                    Duration.ofMinutes(10));

    public WriteLimits {
        requirePositive("max-waiting-bytes", maxWaitingBytes);
        requirePositive("busy-backoff-millis", busyBackoffMillis);
        if (rememberFor.compareTo(SHORTEST_REMEMBERED) < 0
                || rememberFor.compareTo(LONGEST_REMEMBERED) > 0) {
            throw new IllegalArgumentException(
                    "remember-writes is " + rememberFor + ": allowed are 1 s to 1 day");
        }
    }

    /** The same, remembering outcomes for another time. */
    public WriteLimits withRememberFor(Duration other) {
        return new WriteLimits(maxWaitingBytes, busyBackoffMillis, other);
    }

    private static void requirePositive(String name, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException(
                    "write." + name + " is " + value + ": allowed are 1 and more");
        }
    }
}
