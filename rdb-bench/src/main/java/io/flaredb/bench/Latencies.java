package io.flaredb.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * How long answers took: exact to three digits.
 *
 * @param p50 the half of the operations were answered at least as fast
 * @param p90 90 of 100 were
 * @param p99 99 of 100 were
 * @param p999 999 of 1,000 were
 * @param max the slowest
 * @param curve the whole distribution, rising
 */
public record Latencies(
        Duration p50, Duration p90, Duration p99, Duration p999, Duration max, List<Point> curve) {

    /**
     * One point of the distribution.
     *
     * @param percentile 0 to 100
     * @param latency that so many of 100 operations did not exceed
     */
    public record Point(double percentile, Duration latency) {}

    private static final int POINTS_PER_HALVING = 2;

    public Latencies {
        curve = List.copyOf(curve);
    }

    static Latencies of(Histogram nanos) {
        List<Point> curve = new ArrayList<>();
        for (var each : nanos.percentiles(POINTS_PER_HALVING)) {
            curve.add(new Point(each.getPercentile(), Duration.ofNanos(each.getValueIteratedTo())));
        }
        return new Latencies(
                at(nanos, 50),
                at(nanos, 90),
                at(nanos, 99),
                at(nanos, 99.9),
                at(nanos, 100),
                curve);
    }

    private static Duration at(Histogram nanos, double percentile) {
        return Duration.ofNanos(nanos.getValueAtPercentile(percentile));
    }
}
