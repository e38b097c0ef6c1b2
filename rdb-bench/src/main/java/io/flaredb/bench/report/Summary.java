package io.flaredb.bench.report;

import io.flaredb.bench.LoadResult;
import java.time.Duration;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.List;

/**
 * What a load came to that ran once or more.
 *
 * @param median the run of median throughput, at a fixed rate of median p99; of an even number the
 *     slower of the two
 * @param least operations per second of the slowest run
 * @param most operations per second of the fastest run
 * @param failures operations that failed, of all runs
 * @param notSent operations that were not sent, of all runs
 * @param runs how many there were
 */
public record Summary(
        LoadResult median, double least, double most, long failures, long notSent, int runs) {
    /** At a fixed rate throughput is that rate, or nearly: only latencies tell runs apart. */
    private static final Comparator<LoadResult> SLOWEST_FIRST =
            Comparator.comparing((LoadResult run) ->
                            run.options().isFixedRate() ? run.latencies().p99() : Duration.ZERO)
                    .reversed()
                    .thenComparingDouble(LoadResult::perSecond);

    /**
     * Sums up runs of the same load.
     *
     * @param runs at least one
     */
    static Summary of(List<LoadResult> runs) {
        List<LoadResult> sorted = runs.stream().sorted(SLOWEST_FIRST).toList();
        DoubleSummaryStatistics perSecond =
                runs.stream().mapToDouble(LoadResult::perSecond).summaryStatistics();
        return new Summary(
                sorted.get((sorted.size() - 1) / 2),
                perSecond.getMin(),
                perSecond.getMax(),
                runs.stream().mapToLong(LoadResult::failures).sum(),
                runs.stream().mapToLong(LoadResult::notSent).sum(),
                sorted.size());
    }
}
