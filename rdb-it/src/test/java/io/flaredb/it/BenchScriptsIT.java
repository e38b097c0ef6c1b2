package io.flaredb.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.flaredb.it.fault.Needs;
import io.flaredb.it.process.FlareProcess;
import io.flaredb.it.process.FlareProcess.Finished;
import io.flaredb.it.process.Installation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The scripts that put load on FlareDB, as short as they can be: that they work. */
class BenchScriptsIT {
    private static final Path ROOT = Installation.root();

    @TempDir Path folder;

    /** E scans and inserts, F reads, updates and does both to the same record. */
    @ParameterizedTest
    @ValueSource(strings = {"raw", "cas"})
    void runsYcsb(String binding) {
        Finished ycsb =
                run(
                        "scripts/ycsb.sh",
                        "--no-build",
                        "--binding",
                        binding,
                        "--workload",
                        "e,f",
                        "--records",
                        "50",
                        "--operations",
                        "100",
                        "--threads",
                        "4",
                        "--out",
                        folder.resolve("ycsb").toString());

        assertThat(ycsb.exitCode()).as(ycsb.toString()).isZero();
        assertThat(ycsb.stdout().lines())
                .hasSize(3)
                .element(1)
                .asString()
                .matches(binding + " +e .* 0");
    }

    @Test
    void ycsbSaysAtOnceThatNobodyAnswers() {
        Finished ycsb =
                run(
                        "scripts/ycsb.sh",
                        "--no-build",
                        "--pd",
                        "127.0.0.1:1",
                        "--out",
                        folder.resolve("ycsb").toString());

        assertThat(ycsb.exitCode()).as(ycsb.toString()).isEqualTo(1);
        assertThat(ycsb.stderr()).endsWith("ycsb: no cluster answers at 127.0.0.1:1");
        assertThat(ycsb.stdout()).isEmpty();
    }

    @Test
    void comparesFlareDb() throws Exception {
        if (!Files.exists(ROOT.resolve("rdb-peers/target/rdb-peers.jar"))) {
            Needs.missing("rdb-peers, which the build of all modules has made by now");
        }
        Path report = folder.resolve("report");

        Finished peers =
                run(
                        "scripts/bench-peers.sh",
                        "--no-build",
                        "--quick",
                        "--peers=flaredb",
                        "--workloads=put,cas",
                        "--report=" + report,
                        "--data=" + ROOT.resolve("rdb-it/target")); // on a disk, as it wants it

        assertThat(peers.exitCode()).as(peers.toString()).isZero();
        JsonObject json =
                JsonParser.parseString(Files.readString(report.resolve("report.json")))
                        .getAsJsonObject();
        JsonArray results = json.getAsJsonArray("results");
        assertThat(results).hasSize(2);
        assertThat(json.getAsJsonArray("failed")).isEmpty();
        assertThat(report.resolve("report.md"))
                .content()
                .contains("| flaredb |", "programs: flaredb ");
    }

    private static Finished run(String script, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(ROOT.resolve(script).toString());
        command.addAll(List.of(arguments));
        return FlareProcess.start(command, Map.of()).awaitExit();
    }
}
