package io.flaredb.bench.report;

import io.flaredb.bench.DataSet;
import io.flaredb.bench.LoadOptions;
import io.flaredb.bench.LoadResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All loads of one run on one target.
 *
 * @param started when the run began
 * @param target its {@link io.flaredb.bench.Target#name()}
 * @param results in the order in which they ran; where a load ran several times, each time
 */
public record Report(
        Instant started, String target, Machine machine, DataSet set, List<LoadResult> results) {
    public Report {
        results = List.copyOf(results);
    }

    /** One of each load, however often it ran; in the order in which they first ran. */
    public List<Summary> summaries() {
        Map<LoadOptions, List<LoadResult>> byLoad = new LinkedHashMap<>();
        for (LoadResult result : results) {
            byLoad.computeIfAbsent(result.options(), load -> new ArrayList<>()).add(result);
        }
        return byLoad.values().stream().map(Summary::of).toList();
    }
}
