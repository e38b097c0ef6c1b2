package io.flaredb.bench.report;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.flaredb.bench.DataSet;
import io.flaredb.bench.Latencies;
import io.flaredb.bench.LoadOptions;
import io.flaredb.bench.LoadResult;
import io.flaredb.bench.Window;
import io.flaredb.bench.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A report as JSON; docs/performance/benchmarks.md tells what each field means. */
public final class JsonReport {
    /** Changes when a field goes or changes its meaning; new ones may come. */
    public static final String SCHEMA = "flaredb-bench/1";

    private JsonReport() {}

    /**
     * Writes a report to a file, in place of what it holds.
     *
     * @throws IOException if that fails
     */
    public static void write(Report report, Path file) throws IOException {
        String text =
                new GsonBuilder().setPrettyPrinting().serializeNulls().create().toJson(of(report));
        Files.writeString(file, text + '\n');
    }

    /** The whole report. */
    public static JsonObject of(Report report) {
        JsonObject json = new JsonObject();
        json.addProperty("schema", SCHEMA);
        json.addProperty("started", report.started().toString());
        json.addProperty("target", report.target());
        json.add("machine", of(report.machine()));
        json.add("data", of(report.set()));
        JsonArray results = new JsonArray();
        report.results().forEach(result -> results.add(of(result)));
        json.add("results", results);
        JsonArray summaries = new JsonArray();
        report.summaries().forEach(summary -> summaries.add(of(summary)));
        json.add("summary", summaries);
        return json;
    }

    private static JsonObject of(Machine machine) {
        JsonObject json = new JsonObject();
        json.addProperty("cores", machine.cores());
        json.addProperty("memory_bytes", machine.memoryBytes());
        json.addProperty("os", machine.os());
        json.addProperty("jvm", machine.jvm());
        JsonArray flags = new JsonArray();
        machine.jvmFlags().forEach(flags::add);
        json.add("jvm_flags", flags);
        return json;
    }

    private static JsonObject of(DataSet set) {
        JsonObject json = new JsonObject();
        json.addProperty("keys", set.keys());
        json.addProperty("contended_keys", set.contendedKeys());
        json.addProperty("value_bytes", set.valueBytes());
        json.addProperty("seed", set.seed());
        return json;
    }

    private static JsonObject of(LoadResult result) {
        JsonObject json = of(result.options());
        json.addProperty("measure_seconds", seconds(result.options().duration()));
        json.addProperty("warm_up_seconds", seconds(result.warmedUp()));
        json.addProperty("steady", result.steady());
        json.addProperty("operations", result.operations());
        json.addProperty("conflicts", result.conflicts());
        json.addProperty("failures", result.failures());
        json.addProperty("late", result.late());
        json.addProperty("not_sent", result.notSent());
        json.add("first_failure", text(result.firstFailure()));
        json.addProperty("seconds", seconds(result.elapsed()));
        json.addProperty("per_second", result.perSecond());
        json.add("latency_us", of(result.latencies()));
        JsonArray curve = new JsonArray();
        result.latencies().curve().forEach(point -> curve.add(of(point)));
        json.add("percentiles", curve);
        JsonArray windows = new JsonArray();
        result.windows().forEach(window -> windows.add(of(window)));
        json.add("windows", windows);
        return json;
    }

    private static JsonObject of(Summary summary) {
        JsonObject json = of(summary.median().options());
        json.addProperty("runs", summary.runs());
        JsonObject perSecond = new JsonObject();
        perSecond.addProperty("median", summary.median().perSecond());
        perSecond.addProperty("least", summary.least());
        perSecond.addProperty("most", summary.most());
        json.add("per_second", perSecond);
        json.add("latency_us", of(summary.median().latencies()));
        json.addProperty("failures", summary.failures());
        json.addProperty("not_sent", summary.notSent());
        return json;
    }

    private static JsonObject of(LoadOptions options) {
        JsonObject json = new JsonObject();
        json.addProperty("workload", name(options.workload()));
        json.addProperty("in_flight", options.inFlight());
        json.add(
                "rate",
                options.isFixedRate() ? new JsonPrimitive(options.perSecond()) : JsonNull.INSTANCE);
        return json;
    }

    /** As the command line has it. */
    static String name(Workload workload) {
        return workload.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static JsonObject of(Latencies latencies) {
        JsonObject json = new JsonObject();
        json.addProperty("p50", micros(latencies.p50()));
        json.addProperty("p90", micros(latencies.p90()));
        json.addProperty("p99", micros(latencies.p99()));
        json.addProperty("p99.9", micros(latencies.p999()));
        json.addProperty("max", micros(latencies.max()));
        return json;
    }

    private static JsonArray of(Latencies.Point point) {
        JsonArray pair = new JsonArray();
        pair.add(point.percentile());
        pair.add(micros(point.latency()));
        return pair;
    }

    private static JsonObject of(Window window) {
        JsonObject json = new JsonObject();
        json.addProperty("end_seconds", seconds(window.end()));
        json.addProperty("per_second", window.perSecond());
        json.addProperty("p99_us", micros(window.p99()));
        return json;
    }

    private static JsonElement text(@Nullable String text) {
        return text == null ? JsonNull.INSTANCE : new JsonPrimitive(text);
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    private static double micros(Duration duration) {
        return duration.toNanos() / 1e3;
    }
}
