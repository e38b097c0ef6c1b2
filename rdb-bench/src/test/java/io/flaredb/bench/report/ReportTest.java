package io.flaredb.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.flaredb.bench.DataSet;
import io.flaredb.bench.Latencies;
import io.flaredb.bench.Latencies.Point;
import io.flaredb.bench.LoadOptions;
import io.flaredb.bench.LoadResult;
import io.flaredb.bench.WarmUp;
import io.flaredb.bench.Window;
import io.flaredb.bench.Workload;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
    private static final Report REPORT =
            new Report(
                    Instant.EPOCH,
                    "flaredb",
                    Machine.here(),
                    new DataSet(1_000, 16, 128, 1),
                    List.of(
                            result(Workload.PUT, 0, 300, null),
                            result(Workload.CAS_CONTENDED, 50, 40, "it broke"),
                            result(Workload.PUT, 0, 100, null),
                            result(Workload.PUT, 0, 200, null)));

    @Test
    void sumsUpTheRunsOfALoad() {
        List<Summary> summaries = REPORT.summaries();

        assertThat(summaries).hasSize(2);
        assertThat(summaries.getFirst().median().operations()).isEqualTo(200);
        assertThat(summaries.getFirst().least()).isEqualTo(50);
        assertThat(summaries.getFirst().most()).isEqualTo(150);
        assertThat(summaries.getFirst().runs()).isEqualTo(3);
        assertThat(summaries.getLast().runs()).isEqualTo(1);
    }

    /** Whose throughput is the same: it would be any of them. */
    @Test
    void atAFixedRateTheMedianIsTheRunOfMedianP99() {
        List<LoadResult> runs =
                List.of(atRate(9, 0, 5), atRate(1, 2, 0), atRate(4, 1, 1), atRate(3, 0, 0));

        Summary summary = Summary.of(runs);

        assertThat(summary.median().latencies().p99()).isEqualTo(Duration.ofMillis(4));
        assertThat(summary.failures()).isEqualTo(3);
        assertThat(summary.notSent()).isEqualTo(6);
    }

    private static LoadResult atRate(int p99Millis, long failures, long notSent) {
        Duration milli = Duration.ofMillis(1);
        Duration p99 = Duration.ofMillis(p99Millis);
        return new LoadResult(
                options(Workload.PUT, 50),
                Duration.ZERO,
                true,
                100,
                0,
                failures,
                0,
                notSent,
                null,
                Duration.ofSeconds(2),
                new Latencies(milli, milli, p99, p99, p99, List.of()),
                List.of());
    }

    @Test
    void ofTwoRunsTheSlowerOneIsTheMedian() {
        List<LoadResult> two =
                List.of(result(Workload.PUT, 0, 300, null), result(Workload.PUT, 0, 100, null));

        assertThat(Summary.of(two).median().operations()).isEqualTo(100);
    }

    @Test
    void writesJson(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("report.json");
        JsonReport.write(REPORT, file);

        JsonObject json = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
        assertThat(json).isEqualTo(JsonReport.of(REPORT));
        assertThat(json.get("schema").getAsString()).isEqualTo("flaredb-bench/1");
        assertThat(json.getAsJsonObject("machine").get("cores").getAsInt()).isPositive();
        assertThat(json.getAsJsonObject("machine").get("memory_bytes").getAsLong()).isPositive();
        assertThat(json.getAsJsonObject("data").get("value_bytes").getAsInt()).isEqualTo(128);
        assertThat(json.getAsJsonArray("results")).hasSize(4);
        JsonObject put = json.getAsJsonArray("results").get(0).getAsJsonObject();
        assertThat(put.get("workload").getAsString()).isEqualTo("put");
        assertThat(put.get("rate").isJsonNull()).isTrue();
        assertThat(put.get("late").getAsInt()).isEqualTo(2);
        assertThat(put.get("first_failure").isJsonNull()).isTrue();
        assertThat(put.get("per_second").getAsDouble()).isEqualTo(150);
        assertThat(put.getAsJsonObject("latency_us").get("p99.9").getAsDouble()).isEqualTo(4_000);
        assertThat(put.getAsJsonArray("percentiles")).hasSize(2);
        assertThat(put.getAsJsonArray("windows")).hasSize(2);
        JsonObject cas = json.getAsJsonArray("results").get(1).getAsJsonObject();
        assertThat(cas.get("workload").getAsString()).isEqualTo("cas-contended");
        assertThat(cas.get("rate").getAsInt()).isEqualTo(50);
        assertThat(cas.get("first_failure").getAsString()).isEqualTo("it broke");
        JsonObject summary = json.getAsJsonArray("summary").get(0).getAsJsonObject();
        assertThat(summary.getAsJsonObject("per_second").get("median").getAsDouble())
                .isEqualTo(100);
        JsonObject contended = json.getAsJsonArray("summary").get(1).getAsJsonObject();
        assertThat(contended.get("failures").getAsLong()).isEqualTo(1);
        assertThat(contended.get("not_sent").getAsLong()).isZero();
    }

    @Test
    void drawsAPicture(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("report.png");
        PlotReport.write(REPORT, file);

        BufferedImage image = ImageIO.read(file.toFile());
        long colors =
                LongStream.range(0, (long) image.getWidth() * image.getHeight())
                        .map(i ->
                                image.getRGB(
                                        (int) (i % image.getWidth()), (int) (i / image.getWidth())))
                        .distinct()
                        .count();
        assertThat(colors).isGreaterThan(4); // white, black, grey and the lines
    }

    @Test
    void drawsALoadThatNothingCameOf(@TempDir Path folder) throws Exception {
        LoadResult nothing =
                new LoadResult(
                        options(Workload.PUT, 0),
                        Duration.ZERO,
                        false,
                        0,
                        0,
                        7,
                        0,
                        0,
                        "refused",
                        Duration.ofSeconds(1),
                        new Latencies(
                                Duration.ZERO,
                                Duration.ZERO,
                                Duration.ZERO,
                                Duration.ZERO,
                                Duration.ZERO,
                                List.of()),
                        List.of());
        Path file = folder.resolve("report.png");
        PlotReport.write(
                new Report(
                        Instant.EPOCH, "flaredb", REPORT.machine(), REPORT.set(), List.of(nothing)),
                file);

        assertThat(ImageIO.read(file.toFile())).isNotNull();
    }

    private static LoadOptions options(Workload workload, int perSecond) {
        return new LoadOptions(
                workload,
                4,
                perSecond,
                new WarmUp(Duration.ZERO, Duration.ZERO),
                Duration.ofSeconds(2));
    }

    private static LoadResult result(
            Workload workload, int perSecond, long operations, @Nullable String failure) {
        Duration second = Duration.ofSeconds(1);
        Duration milli = Duration.ofMillis(1);
        return new LoadResult(
                options(workload, perSecond),
                second,
                true,
                operations,
                3,
                failure == null ? 0 : 1,
                2,
                0,
                failure,
                Duration.ofSeconds(2),
                new Latencies(
                        milli,
                        Duration.ofMillis(2),
                        Duration.ofMillis(3),
                        Duration.ofMillis(4),
                        Duration.ofMillis(5),
                        List.of(new Point(0, milli), new Point(100, Duration.ofMillis(5)))),
                List.of(
                        new Window(second, second, operations / 2, milli),
                        new Window(Duration.ofSeconds(2), second, operations / 2, milli)));
    }
}
