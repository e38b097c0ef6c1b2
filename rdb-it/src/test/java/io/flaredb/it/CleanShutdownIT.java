package io.flaredb.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flaredb.client.FlareDb;
import io.flaredb.client.FlareDbOptions;
import io.flaredb.it.load.Load;
import io.flaredb.it.process.Cluster;
import io.flaredb.it.process.FlareProcess;
import io.flaredb.it.process.FlareProcess.Finished;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
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
                    try (HealthWatch ofServer = new HealthWatch(cluster.serverAddress());
                            HealthWatch ofPd = new HealthWatch(cluster.pdAddress())) {
                        Finished server = cluster.terminateServer(); // under load
                        load.hold();
                        Finished pd = cluster.terminatePd();

                        assertEndedWell(server);
                        assertEndedWell(pd);
                        ofServer.assertEndedAsNotServing();
                        ofPd.assertEndedAsNotServing();
                    }
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

    /** What a monitor keeps open to a process, which serves. */
    private static final class HealthWatch implements AutoCloseable {
        private final ManagedChannel channel;
        private final Iterator<HealthCheckResponse> updates;

        HealthWatch(String address) {
            channel = Grpc.newChannelBuilder(address, InsecureChannelCredentials.create()).build();
            updates =
                    HealthGrpc.newBlockingStub(channel)
                            .watch(HealthCheckRequest.getDefaultInstance());
            assertThat(updates.next().getStatus()).isEqualTo(ServingStatus.SERVING);
        }

        void assertEndedAsNotServing() {
            assertThat(updates)
                    .toIterable()
                    .extracting(HealthCheckResponse::getStatus)
                    .containsExactly(ServingStatus.NOT_SERVING);
        }

        @Override
        public void close() {
            channel.shutdownNow();
        }
    }
}
