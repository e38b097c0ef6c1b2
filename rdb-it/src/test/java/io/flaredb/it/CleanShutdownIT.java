package io.flaredb.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flaredb.client.FlareDb;
import io.flaredb.client.FlareDbOptions;
import io.flaredb.it.load.Load;
import io.flaredb.it.process.Cluster;
import io.flaredb.it.process.FlareProcess;
import io.flaredb.it.process.FlareProcess.Finished;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM: what was accepted is finished, the rest is refused, and nothing stays behind. */
class CleanShutdownIT {
    private static final int WRITES = 300;

    @TempDir Path folder;

    @Test
    void finishesWhatItAcceptedAndLeavesNothingBehind() throws Exception {
        Path temporary = Files.createDirectory(folder.resolve("tmp"));
        Map<String, String> environment =
                Map.of("FLAREDB_JAVA_OPTS", "-Djava.io.tmpdir=" + temporary);
        try (Cluster cluster = new Cluster(folder, environment).start();
                FlareDb db =
                        FlareDb.connect(
                                cluster.pdAddress(),
                                FlareDbOptions.defaults().withTimeout(Duration.ofSeconds(2)))) {
            Load load = new Load(db, 1);
            try (load) {
                for (int round = 0; round < 2; round++) {
                    long target = load.findings().acknowledgedWrites() + WRITES;
                    await(WRITES + " writes")
                            .atMost(FlareProcess.DEADLINE)
                            .until(() -> load.findings().acknowledgedWrites() >= target);

                    Finished server = cluster.terminateServer();
                    load.hold();
                    Finished pd = cluster.terminatePd();

                    assertEndedWell(server);
                    assertEndedWell(pd);
                    assertThat(temporary).isEmptyDirectory();
                    cluster.start();
                    load.check(true);
                    load.release();
                }
            }
            assertThat(load.findings().all()).isEmpty();
        }
    }

    @Test
    void aServerThatStillWaitsForOthersEndsWell() {
        String pdData = folder.resolve("pd").toString();
        try (FlareProcess pd =
                FlareProcess.flaredb("pd", "--data-dir", pdData, "--addr", "127.0.0.1:0")) {
            String pdAddress = pd.awaitReady().after("ready:");
            try (FlareProcess server =
                    FlareProcess.flaredb(
                            "server",
                            "--data-dir",
                            folder.resolve("server").toString(),
                            "--addr",
                            "127.0.0.1:0",
                            "--pd",
                            pdAddress,
                            "--initial-replicas",
                            "3")) {
                await("word from " + server)
                        .atMost(FlareProcess.DEADLINE)
                        .until(() -> server.stderr().contains("waiting for 2 more stores"));

                assertEndedWell(server.terminate());
            }
        }
    }

    private static void assertEndedWell(Finished process) {
        assertThat(process.exitCode()).as(process.toString()).isZero();
        assertThat(process.stderr()).doesNotContain("\tat ").doesNotContain("ERROR");
    }
}
