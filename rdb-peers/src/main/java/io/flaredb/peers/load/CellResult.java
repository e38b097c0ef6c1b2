package io.flaredb.peers.load;

import com.google.gson.Gson;
import io.flaredb.bench.LoadResult;
import org.jspecify.annotations.Nullable;

/**
 * What one load came to: the line by which the client process tells it, as JSON.
 *
 * @param cell as {@link Cell#toString()} says
 * @param perSecond operations answered with success
 * @param p50Micros the half of the operations were answered at least as fast
 * @param p99Micros 99 of 100 were
 * @param conflicts swaps that met another version: none are expected
 * @param failures operations that failed
 * @param firstFailure what the first of them said
 */
public record CellResult(
        String cell,
        double perSecond,
        double p50Micros,
        double p99Micros,
        long conflicts,
        long failures,
        @Nullable String firstFailure) {
    private static final String PREFIX = "result ";
    private static final Gson GSON = new Gson();

    static CellResult of(Cell cell, LoadResult result) {
        return new CellResult(
                cell.toString(),
                result.perSecond(),
                result.latencies().p50().toNanos() / 1e3,
                result.latencies().p99().toNanos() / 1e3,
                result.conflicts(),
                result.failures(),
                result.firstFailure());
    }

    /** The line of a client process that tells this. */
    public String toLine() {
        return PREFIX + GSON.toJson(this);
    }

    /** Whether a line of a client process tells a result, rather than how it goes on. */
    public static boolean isResult(String line) {
        return line.startsWith(PREFIX);
    }

    /**
     * Reads {@link #toLine()}.
     *
     * @throws com.google.gson.JsonSyntaxException if the line is something else
     */
    public static CellResult parse(String line) {
        return GSON.fromJson(line.substring(PREFIX.length()), CellResult.class);
    }
}
