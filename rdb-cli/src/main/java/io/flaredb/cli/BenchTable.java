package io.flaredb.cli;

import io.flaredb.bench.LoadResult;
import io.flaredb.bench.Workload;
import io.flaredb.bench.report.Summary;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What came of loads, as a table for people. */
final class BenchTable {
    private BenchTable() {}

    /**
     * One line for each load: its median run, with what failed or was not sent in all.
     *
     * @param summaries at least one
     */
    static Table of(List<Summary> summaries) {
        boolean several = summaries.getFirst().runs() > 1;
        boolean atRate = summaries.getFirst().median().options().isFixedRate();
        List<String> header = new ArrayList<>(List.of("WORKLOAD", "IN FLIGHT", "PER SECOND"));
        if (several) {
            header.addAll(List.of("LEAST", "MOST"));
        }
        header.addAll(List.of("P50 MS", "P90 MS", "P99 MS", "P99.9 MS", "MAX MS"));
        header.addAll(List.of("CONFLICTS", "FAILED"));
        if (atRate) {
            header.add("NOT SENT");
        }
        Table table = new Table(header.toArray(String[]::new));
        for (Summary summary : summaries) {
            LoadResult result = summary.median();
            List<String> row = new ArrayList<>();
            row.add(name(result.options().workload()));
            row.add(Integer.toString(result.options().inFlight()));
            row.add(whole(result.perSecond()));
            if (several) {
                row.add(whole(summary.least()));
                row.add(whole(summary.most()));
            }
            row.add(millis(result.latencies().p50()));
            row.add(millis(result.latencies().p90()));
            row.add(millis(result.latencies().p99()));
            row.add(millis(result.latencies().p999()));
            row.add(millis(result.latencies().max()));
            row.add(Long.toString(result.conflicts()));
            row.add(Long.toString(summary.failures()));
            if (atRate) {
                row.add(Long.toString(summary.notSent()));
            }
            table.add(row);
        }
        return table;
    }

    /** As the command line has it. */
    static String name(Workload workload) {
        return workload.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static String whole(double number) {
        return String.format(Locale.ROOT, "%.0f", number);
    }

    static String millis(Duration duration) {
        return String.format(Locale.ROOT, "%.2f", duration.toNanos() / 1e6);
    }
}
