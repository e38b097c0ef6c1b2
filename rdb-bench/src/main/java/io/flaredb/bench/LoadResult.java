package io.flaredb.bench;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a load came to while it was measured.
 *
 * @param warmedUp how long it ran before
 * @param steady whether its throughput was steady by then
 * @param operations answered with success until the end; a conflict is none
 * @param conflicts compare-and-swaps that met another version, until the end
 * @param failures operations that failed, also after the end if they were begun before; not part of
 *     the latencies
 * @param late operations begun before the end and answered after it, conflicts included; they are
 *     part of the latencies
 * @param notSent at a fixed rate, operations whose time had come and that found no free place
 *     before the end; they are part of the latencies, with what they had waited by then
 * @param firstFailure what the first failure said; null if there was none
 * @param elapsed how long it was measured
 * @param latencies of successes and conflicts, also late ones; at a fixed rate from the time when
 *     the operation ought to have begun
 * @param windows in order of time
 */
public record LoadResult(
        LoadOptions options,
        Duration warmedUp,
        boolean steady,
        long operations,
        long conflicts,
        long failures,
        long late,
        long notSent,
        @Nullable String firstFailure,
        Duration elapsed,
        Latencies latencies,
        List<Window> windows) {
    public LoadResult {
        windows = List.copyOf(windows);
    }

    /** Operations answered with success per second. */
    public double perSecond() {
        return operations * 1e9 / elapsed.toNanos();
    }
}
