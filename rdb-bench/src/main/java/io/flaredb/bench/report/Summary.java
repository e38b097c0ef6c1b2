package io.flaredb.bench.report;

import io.flaredb.bench.LoadResult;
import java.util.Comparator;
import java.util.List;

/**
 * What a load came to that ran once or more.
 *
 * @param median the run of median throughput; of an even number the slower of the two
 * @param least operations per second of the slowest run
 * @param most operations per second of the fastest run
 * @param runs how many there were
 */
public record Summary(LoadResult median, double least, double most, int runs) {
    /**
     * Sums up runs of the same load.
     *
     * @param runs at least one
     */
    static Summary of(List<LoadResult> runs) {
        List<LoadResult> sorted =
                runs.stream().sorted(Comparator.comparingDouble(LoadResult::perSecond)).toList();
        return new Summary(
                sorted.get((sorted.size() - 1) / 2),
                sorted.getFirst().perSecond(),
                sorted.getLast().perSecond(),
                sorted.size());
    }
}
