package io.flaredb.peers.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.flaredb.bench.Workload;
import io.flaredb.peers.load.Cell;
import io.flaredb.peers.load.CellResult;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static final Cell PUTS = new Cell(Workload.PUT, 64);

    private final Report report = new Report(List.of("2 rounds"), Map.of("redis", "gone"));
    private final Samples samples = report.samples();

    private void measured(String system, int round, double perSecond) {
        samples.add(
                system, round, new CellResult(PUTS.toString(), perSecond, 100, 1_000, 0, 0, null));
    }

    /** The machine is slow in the second round: that must not show in the ratio. */
    @Test
    void comparesWithinEachRound() {
        measured("flaredb", 1, 30_000);
        measured("etcd", 1, 10_000);
        measured("flaredb", 2, 3_000);
        measured("etcd", 2, 1_000);
        measured("flaredb", 3, 32_000);
        measured("etcd", 3, 8_000);

        assertThat(samples.ratio("flaredb", "etcd", PUTS)).contains(new Spread(3, 3, 4));
    }

    @Test
    void comparesOnlyRoundsThatBothHave() {
        measured("flaredb", 1, 30_000);
        measured("etcd", 1, 10_000);
        measured("flaredb", 2, 90_000);

        assertThat(samples.ratio("flaredb", "etcd", PUTS)).contains(new Spread(3, 3, 3));
        assertThat(samples.ratio("flaredb", "redis", PUTS)).isEmpty();
    }

    @Test
    void showsMediansSpreadsAndRatios() {
        measured("flaredb", 1, 30_000);
        measured("flaredb", 2, 20_000);
        measured("etcd", 1, 10_000);
        measured("etcd", 2, 10_000);

        assertThat(report.markdown())
                .contains("- 2 rounds", "- skipped redis: gone")
                .containsPattern("put +\\| +64 \\| flaredb +\\| +25,000 \\| +20,000..30,000 \\|")
                .containsPattern("put +\\| +64 \\| etcd .*\\| +2.50x \\| +2.00..3.00 \\|");
    }

    @Test
    void tellsFailuresAndConflicts() {
        samples.add(
                "etcd",
                1,
                new CellResult("cas:1", 10, 100, 1_000, 3, 2, "StatusRuntimeException: late"));

        samples.add("redis", 1, new CellResult("cas:1", 10, 100, 1_000, 3, 0, null));

        assertThat(report.markdown())
                .contains("etcd, cas:1, round 1: 2 failures, 3 conflicts; StatusRuntimeException")
                .contains("redis, cas:1, round 1: 0 failures, 3 conflicts\n");
    }

    @Test
    void tellsOfATurnThatFailedAndHowManyRoundsAFigureHas() {
        measured("flaredb", 1, 30_000);
        measured("flaredb", 2, 20_000);
        measured("etcd", 1, 10_000);
        report.failed("round 2, etcd: ended");

        assertThat(report.markdown())
                .contains("- FAILED: round 2, etcd: ended")
                .containsPattern("flaredb .*\\| +2 \\|\n")
                .containsPattern("etcd .*\\| +1 \\|\n");
        JsonObject json = JsonParser.parseString(JsonReport.of(report)).getAsJsonObject();
        assertThat(json.getAsJsonArray("failed")).hasSize(1);
    }

    @Test
    void keepsEveryMeasurementInTheJson() {
        measured("flaredb", 1, 30_000);
        measured("flaredb", 2, 20_000);

        JsonObject json = JsonParser.parseString(JsonReport.of(report)).getAsJsonObject();

        JsonArray results = json.getAsJsonArray("results");
        assertThat(results).hasSize(1);
        JsonObject rounds = results.get(0).getAsJsonObject().getAsJsonObject("rounds");
        assertThat(rounds.keySet()).containsExactly("1", "2");
        assertThat(rounds.getAsJsonObject("2").get("perSecond").getAsDouble()).isEqualTo(20_000);
    }

    @Test
    void takesTheMeanOfTheTwoInTheMiddle() {
        assertThat(Spread.of(List.of(4.0, 1.0, 3.0, 2.0))).isEqualTo(new Spread(2.5, 1, 4));
        assertThat(Spread.of(List.of(5.0, 1.0, 3.0))).isEqualTo(new Spread(3, 1, 5));
    }
}
