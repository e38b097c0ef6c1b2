package io.flaredb.peers.report;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.flaredb.peers.load.Cell;
import io.flaredb.peers.load.CellResult;

/** The report as JSON: everything that was measured, and what it comes to. */
public final class JsonReport {
    private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

    private JsonReport() {}

    /** Throughputs per second, times in microseconds, ratios FlareDB's to the system's. */
    public static String of(Report report) {
        JsonObject root = new JsonObject();
        root.add("about", GSON.toJsonTree(report.about()));
        root.add("skipped", GSON.toJsonTree(report.missing()));
        root.add("failed", GSON.toJsonTree(report.failures()));
        JsonArray results = new JsonArray();
        for (Cell cell : report.samples().cells()) {
            for (String system : report.samples().systems()) {
                if (!report.samples().rounds(system, cell).isEmpty()) {
                    results.add(result(report.samples(), system, cell));
                }
            }
        }
        root.add("results", results);
        return GSON.toJson(root) + "\n";
    }

    private static JsonElement result(Samples samples, String system, Cell cell) {
        JsonObject result = new JsonObject();
        result.addProperty("system", system);
        result.addProperty("cell", cell.toString());
        samples.spread(system, cell, CellResult::perSecond)
                .ifPresent(each -> result.add("perSecond", GSON.toJsonTree(each)));
        samples.spread(system, cell, CellResult::p50Micros)
                .ifPresent(each -> result.add("p50Micros", GSON.toJsonTree(each)));
        samples.spread(system, cell, CellResult::p99Micros)
                .ifPresent(each -> result.add("p99Micros", GSON.toJsonTree(each)));
        samples.ratio("flaredb", system, cell)
                .ifPresent(each -> result.add("ratio", GSON.toJsonTree(each)));
        result.add("rounds", GSON.toJsonTree(samples.rounds(system, cell)));
        return result;
    }
}
