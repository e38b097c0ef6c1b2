package io.flaredb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.flaredb.bench.Latencies;
import io.flaredb.bench.LoadOptions;
import io.flaredb.bench.LoadResult;
import io.flaredb.bench.WarmUp;
import io.flaredb.bench.Workload;
import io.flaredb.bench.ceiling.Ceiling;
import io.flaredb.bench.ceiling.Ceilings.Measured;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BenchCeilingsReportTest {
    @Test
    void tellsTheShareOfACeiling() {
        BenchCeilingsReport report = report(result(200, 0, null), result(50, 0, null));

        assertThat(report.table().lines().getLast()).endsWith("put 50 (25%)");
        assertThat(share(report).get("share").getAsDouble()).isEqualTo(0.25);
    }

    @Test
    void tellsNoShareOfACeilingAtWhichNothingSucceeded() {
        BenchCeilingsReport report = report(result(0, 3, "the disk is full"), result(0, 0, null));

        assertThat(report.table().lines().getLast()).endsWith("put 0");
        assertThat(share(report).has("share")).isFalse();
    }

    @Test
    void tellsOfFailures() {
        BenchCeilingsReport report = report(result(9, 3, "full"), result(9, 4, "late"));

        JsonObject ceiling = ceiling(report);
        assertThat(ceiling.get("failures").getAsLong()).isEqualTo(3);
        assertThat(ceiling.get("first_failure").getAsString()).isEqualTo("full");
        assertThat(ceiling.get("steady").getAsBoolean()).isTrue();
        assertThat(share(report).get("failures").getAsLong()).isEqualTo(4);
        assertThat(share(report).get("first_failure").getAsString()).isEqualTo("late");
    }

    private static JsonObject ceiling(BenchCeilingsReport report) {
        return report.json().getAsJsonArray("ceilings").get(0).getAsJsonObject();
    }

    private static JsonObject share(BenchCeilingsReport report) {
        return ceiling(report).getAsJsonArray("flaredb").get(0).getAsJsonObject();
    }

    private static BenchCeilingsReport report(LoadResult ceiling, LoadResult ours) {
        return new BenchCeilingsReport(
                List.of(new Measured(Ceiling.UNARY_ECHO, ceiling)), List.of(ours));
    }

    private static LoadResult result(long operations, long failures, @Nullable String failure) {
        Duration none = Duration.ZERO;
        return new LoadResult(
                new LoadOptions(Workload.PUT, 4, 0, new WarmUp(none, none), Duration.ofSeconds(1)),
                none,
                true,
                operations,
                0,
                failures,
                0,
                0,
                failure,
                Duration.ofSeconds(1),
                new Latencies(none, none, none, none, none, List.of()),
                List.of());
    }
}
