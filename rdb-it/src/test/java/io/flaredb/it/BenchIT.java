package io.flaredb.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.flaredb.it.process.Cli;
import io.flaredb.it.process.FlareProcess;
import io.flaredb.it.process.FlareProcess.Finished;
import io.flaredb.it.process.Installation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code flaredb bench} from end to end, as short as it can be: that it works, not how fast
 * anything is.
 */
class BenchIT {
    private static final List<String> WORKLOADS =
            List.of("put", "get", "get-stale", "cas", "cas-contended", "scan", "mixed", "tso");

    @TempDir Path folder;

    @Test
    void runsEachWorkloadAndReportsIt() throws Exception {
        Path json = folder.resolve("bench.json");
        Path plot = folder.resolve("bench.png");
        try (FlareProcess dev = dev()) {
            Finished bench =
                    cli(dev).run(
                                    "bench",
                                    "run",
                                    "--workload=" + String.join(",", WORKLOADS),
                                    "--in-flight=8",
                                    "--seconds=1",
                                    "--warm-up=100ms",
                                    "--warm-up-limit=200ms",
                                    "--keys=1000",
                                    "--json=" + json,
                                    "--plot=" + plot);

            assertThat(bench.exitCode()).as(bench.toString()).isZero();
            List<String> lines = bench.stdout().lines().toList();
            assertThat(lines).hasSize(1 + WORKLOADS.size());
            assertThat(lines.getFirst()).startsWith("WORKLOAD").contains("P99.9 MS");
            for (int i = 0; i < WORKLOADS.size(); i++) {
                assertThat(lines.get(i + 1)).startsWith(WORKLOADS.get(i) + " ");
            }
            JsonObject report = JsonParser.parseString(Files.readString(json)).getAsJsonObject();
            assertThat(report.getAsJsonArray("results")).hasSize(WORKLOADS.size());
            for (JsonElement each : report.getAsJsonArray("results")) {
                JsonObject result = each.getAsJsonObject();
                assertThat(result.get("operations").getAsLong()).as("%s", result).isPositive();
                assertThat(result.get("failures").getAsLong()).as("%s", result).isZero();
                assertThat(result.getAsJsonArray("windows")).isNotEmpty();
            }
            assertThat(ImageIO.read(plot.toFile())).isNotNull();
        }
    }

    @Test
    void drawsWithoutADisplayAndReportsWhatCanBeWritten() throws Exception {
        Path unwritable = Files.createDirectories(folder.resolve("gone")).resolve("bench.json");
        Path plot = folder.resolve("bench.png");
        try (FlareProcess dev = dev();
                FlareProcess bench =
                        FlareProcess.start(
                                Installation.flaredb(
                                        "bench",
                                        "run",
                                        "--pd=" + dev.awaitReady().after("pd"),
                                        "--workload=put",
                                        "--in-flight=2",
                                        "--seconds=1",
                                        "--warm-up=1ms",
                                        "--warm-up-limit=1ms",
                                        "--keys=10",
                                        "--json=" + unwritable,
                                        "--plot=" + plot,
                                        "--progress"),
                                Map.of("DISPLAY", "127.0.0.1:1"))) {
            await().atMost(FlareProcess.DEADLINE)
                    .until(() -> bench.stderr().contains("put: preparing"));
            Files.delete(unwritable.getParent());
            Finished finished = bench.awaitExit();

            assertThat(finished.exitCode()).as(finished.toString()).isEqualTo(1);
            assertThat(finished.stdout()).startsWith("WORKLOAD").contains("\nput ");
            assertThat(finished.complaint()).contains("cannot write " + unwritable);
            assertThat(ImageIO.read(plot.toFile())).isNotNull();
        }
    }

    @Test
    void runsAtAFixedRateAndRepeats() {
        try (FlareProcess dev = dev()) {
            Finished bench =
                    cli(dev).run(
                                    "bench",
                                    "run",
                                    "--workload=put",
                                    "--in-flight=4",
                                    "--rate=50",
                                    "--runs=2",
                                    "--seconds=1",
                                    "--warm-up=100ms",
                                    "--warm-up-limit=100ms",
                                    "--keys=100",
                                    "--progress");

            assertThat(bench.exitCode()).as(bench.toString()).isZero();
            assertThat(bench.stdout()).contains("LEAST").contains("MOST").contains("NOT SENT");
            assertThat(bench.stderr()).contains("put: preparing");
        }
    }

    @Test
    void measuresTheCeilingsAndTheClusterUnderThem() {
        try (FlareProcess dev = dev()) {
            Finished ceilings =
                    cli(dev).run(
                                    "bench",
                                    "ceilings",
                                    "--in-flight=8",
                                    "--seconds=1",
                                    "--warm-up=100ms",
                                    "--warm-up-limit=100ms",
                                    "--dir=" + folder,
                                    "--cluster");

            assertThat(ceilings.exitCode()).as(ceilings.toString()).isZero();
            assertThat(ceilings.stdout())
                    .contains("RocksDB, one sync")
                    .contains("gRPC unary echo")
                    .contains("cas ")
                    .contains("tso ")
                    .contains("%)");
        }
    }

    @Test
    void leavesNothingBehindWhenToldToEnd() throws Exception {
        try (FlareProcess ceilings =
                FlareProcess.flaredb("bench", "ceilings", "--in-flight=8", "--dir=" + folder)) {
            await().atMost(FlareProcess.DEADLINE).until(() -> holdsAFileSomewhere(folder));
            ceilings.terminate();
        }
        assertThat(folder).isEmptyDirectory();
    }

    private static boolean holdsAFileSomewhere(Path folder) throws IOException {
        try (Stream<Path> tree = Files.walk(folder)) {
            return tree.anyMatch(Files::isRegularFile);
        }
    }

    @Test
    void endsWithOneWhereOperationsFailAndReportsThem() {
        try (FlareProcess dev = dev();
                FlareProcess bench =
                        cli(dev).start(
                                        "bench",
                                        "run",
                                        "--workload=put",
                                        "--in-flight=2",
                                        "--runs=2",
                                        "--seconds=1",
                                        "--warm-up=1ms",
                                        "--warm-up-limit=1ms",
                                        "--keys=10",
                                        "--progress")) {
            await().atMost(FlareProcess.DEADLINE)
                    .until(() -> bench.stderr().contains("put: preparing"));
            dev.pause();
            Finished finished = bench.awaitExit();

            assertThat(finished.exitCode()).as(finished.toString()).isEqualTo(1);
            assertThat(finished.stdout()).startsWith("WORKLOAD").contains("put");
            assertThat(finished.stderr()).contains("put, 2 in flight: ", " failed, the first with");
            assertThat(finished.complaint()).startsWith("flaredb: of 2 loads, ");
        }
    }

    @Test
    void reportsWhatItHasMeasuredWhenToldToEnd() throws Exception {
        Path json = folder.resolve("bench.json");
        try (FlareProcess dev = dev();
                FlareProcess bench =
                        cli(dev).start(
                                        "bench",
                                        "run",
                                        "--workload=put,get",
                                        "--in-flight=2",
                                        "--runs=100",
                                        "--seconds=1",
                                        "--warm-up=1ms",
                                        "--warm-up-limit=1ms",
                                        "--keys=10",
                                        "--json=" + json,
                                        "--progress")) {
            await().atMost(FlareProcess.DEADLINE)
                    .until(() -> bench.stderr().contains("get: preparing")); // the put is measured
            Finished finished = bench.terminate();

            assertThat(finished.exitCode()).as(finished.toString()).isEqualTo(143);
            assertThat(finished.stdout()).startsWith("WORKLOAD").contains("\nput ");
            assertThat(JsonParser.parseString(Files.readString(json)).getAsJsonObject().asMap())
                    .containsKey("results");
        }
    }

    @Test
    void saysAtOnceThatNobodyAnswers() {
        Finished bench = new Cli("127.0.0.1:1").run("bench", "run", "--timeout=500ms");

        assertThat(bench.exitCode()).as(bench.toString()).isEqualTo(5);
        assertThat(bench.stdout()).isEmpty();
    }

    private FlareProcess dev() {
        return FlareProcess.flaredb(
                "dev",
                "--data-dir",
                folder.resolve("data").toString(),
                "--pd-addr",
                "127.0.0.1:0",
                "--addr",
                "127.0.0.1:0");
    }

    private static Cli cli(FlareProcess dev) {
        return new Cli(dev.awaitReady().after("pd"));
    }
}
