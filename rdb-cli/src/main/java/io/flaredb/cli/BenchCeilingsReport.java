package io.flaredb.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.flaredb.bench.LoadResult;
import io.flaredb.bench.ceiling.Ceilings.Measured;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * What came of ceilings, and of the cluster under them.
 *
 * @param ours the cluster's loads; none if it was not measured
 */
record BenchCeilingsReport(List<Measured> ceilings, List<LoadResult> ours) {
    BenchCeilingsReport {
        ceilings = List.copyOf(ceilings);
        ours = List.copyOf(ours);
    }

    /** One line for each ceiling. */
    Table table() {
        Table table =
                new Table("CEILING", "IN FLIGHT", "PER SECOND", "P50 MS", "P99 MS", "FLAREDB");
        for (Measured each : ceilings) {
            LoadResult result = each.result();
            List<String> shares = under(each).stream().map(our -> share(our, result)).toList();
            table.add(
                    List.of(
                            each.ceiling().title(),
                            Integer.toString(result.options().inFlight()),
                            BenchTable.whole(result.perSecond()),
                            BenchTable.millis(result.latencies().p50()),
                            BenchTable.millis(result.latencies().p99()),
                            String.join(", ", shares)));
        }
        return table;
    }

    private static String share(LoadResult our, LoadResult ceiling) {
        String reached =
                BenchTable.name(our.options().workload()) + " " + BenchTable.whole(our.perSecond());
        OptionalDouble share = shareOf(our, ceiling);
        return share.isEmpty()
                ? reached
                : String.format(Locale.ROOT, "%s (%.0f%%)", reached, 100 * share.getAsDouble());
    }

    /** The same for programs. */
    JsonObject json() {
        JsonArray array = new JsonArray();
        for (Measured each : ceilings) {
            LoadResult result = each.result();
            JsonObject json = new JsonObject();
            json.addProperty("ceiling", each.ceiling().name().toLowerCase(Locale.ROOT));
            json.addProperty("in_flight", result.options().inFlight());
            json.addProperty("per_second", result.perSecond());
            json.addProperty("p50_us", result.latencies().p50().toNanos() / 1e3);
            json.addProperty("p99_us", result.latencies().p99().toNanos() / 1e3);
            addDoubts(json, result);
            JsonArray shares = new JsonArray();
            for (LoadResult our : under(each)) {
                JsonObject share = new JsonObject();
                share.addProperty("workload", BenchTable.name(our.options().workload()));
                share.addProperty("per_second", our.perSecond());
                shareOf(our, result).ifPresent(number -> share.addProperty("share", number));
                addDoubts(share, our);
                shares.add(share);
            }
            json.add("flaredb", shares);
            array.add(json);
        }
        JsonObject answer = new JsonObject();
        answer.add("ceilings", array);
        return answer;
    }

    private static void addDoubts(JsonObject json, LoadResult result) {
        json.addProperty("steady", result.steady());
        json.addProperty("failures", result.failures());
        json.addProperty("first_failure", result.firstFailure());
    }

    /** What of the cluster's a ceiling is compared with. */
    private List<LoadResult> under(Measured ceiling) {
        return ours.stream()
                .filter(each ->
                        ceiling.ceiling().bounds().contains(each.options().workload())
                                && each.options().inFlight()
                                        == ceiling.result().options().inFlight())
                .toList();
    }

    /** Empty of a ceiling at which nothing succeeded. */
    private static OptionalDouble shareOf(LoadResult our, LoadResult ceiling) {
        return ceiling.operations() == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(our.perSecond() / ceiling.perSecond());
    }
}
