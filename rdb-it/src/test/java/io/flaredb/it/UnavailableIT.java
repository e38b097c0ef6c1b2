package io.flaredb.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.flaredb.bytes.Bytes;
import io.flaredb.client.FlareDb;
import io.flaredb.client.OutcomeUnknownException;
import io.flaredb.client.Resolution;
import io.flaredb.it.fault.SyncWatch;
import io.flaredb.it.process.Cli;
import io.flaredb.it.process.Cluster;
import io.flaredb.it.process.FlareProcess;
import io.flaredb.it.process.FlareProcess.Finished;
import io.flaredb.it.process.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that are down, stand still, or cannot get to their disk. */
class UnavailableIT {
    private static final int UNAVAILABLE = 5;
    private static final int OUTCOME_UNKNOWN = 6;

    @SuppressWarnings("NullAway.Init")
    private static Cluster cluster;

    /** While this file exists the processes' disk stalls. */
    @SuppressWarnings("NullAway.Init")
    private static Path stall;

    @BeforeAll
    static void start(@TempDir Path folder) {
        stall = folder.resolve("stall");
        SyncWatch watch = SyncWatch.compile(folder);
        cluster = new Cluster(folder, watch.environmentStallingBy(stall)).start();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void reportsAPdThatCannotBeReached() {
        String nobody = FreePorts.address();
        Cli cli = new Cli(nobody);

        for (String[] command :
                new String[][] {
                    {"raw", "get", "k"}, {"raw", "put", "k", "v"}, {"tso"}, {"status"}
                }) {
            Finished finished = runBriefly(cli, command);

            assertThat(finished.exitCode()).as(finished.toString()).isEqualTo(UNAVAILABLE);
            assertThat(finished.complaint()).contains(nobody);
            assertThat(finished.stdout()).isEmpty();
        }
    }

    @Test
    void reportsAStoreThatIsDownAndServesOnceItIsBack() {
        assertThat(cluster.cli().run("raw", "put", "k", "v").exitCode()).isZero();
        cluster.killServer();

        for (String[] command :
                new String[][] {{"raw", "get", "k"}, {"cas", "put", "k", "w", "--expect", "0"}}) {
            Finished finished = cluster.cli().run(command);

            assertThat(finished.exitCode()).as(finished.toString()).isEqualTo(UNAVAILABLE);
            assertThat(finished.complaint()).contains(cluster.serverAddress());
        }
        assertThat(cluster.cli().run("tso").exitCode()).isZero();

        cluster.start();
        assertThat(cluster.cli().run("raw", "get", "k").stdout()).isEqualTo("v");
    }

    /** What a client knows of the regions is enough to go on while the PD is away. */
    @Test
    void storeServesWhileThePdIsDown() {
        try (FlareDb db = FlareDb.connect(cluster.pdAddress())) {
            db.raw().put(Bytes.utf8("k"), Bytes.utf8("before"));
            cluster.killPd();

            db.raw().put(Bytes.utf8("k"), Bytes.utf8("during"));

            assertThat(db.raw().get(Bytes.utf8("k"))).contains(Bytes.utf8("during"));
            cluster.start();
            assertThat(cluster.cli().run("raw", "get", "k").stdout()).isEqualTo("during");
        }
    }

    @Test
    void aStoreWaitsForItsPd(@TempDir Path folder) {
        String pdAddress = FreePorts.address();
        String serverData = folder.resolve("server").toString();
        try (FlareProcess server =
                FlareProcess.flaredb(
                        "server",
                        "--data-dir",
                        serverData,
                        "--addr",
                        "127.0.0.1:0",
                        "--pd",
                        pdAddress)) {
            await("word from " + server)
                    .atMost(FlareProcess.DEADLINE)
                    .until(() -> server.stderr().contains("waiting for the placement driver"));
            String pdData = folder.resolve("pd").toString();
            try (FlareProcess pd =
                    FlareProcess.flaredb("pd", "--data-dir", pdData, "--addr", pdAddress)) {
                pd.awaitReady();
                server.awaitReady();

                assertThat(new Cli(pdAddress).run("raw", "put", "k", "v").exitCode()).isZero();
            }
        }
    }

    @Test
    void aWriteToAStoreThatStandsStillHasAnUnknownOutcome() {
        try (FlareDb db = FlareDb.connect(cluster.pdAddress())) {
            db.raw().put(Bytes.utf8("k"), Bytes.utf8("before"));

            cluster.server().pause();
            OutcomeUnknownException unknown;
            try {
                unknown =
                        catchThrowableOfType(
                                OutcomeUnknownException.class,
                                () -> db.raw().put(Bytes.utf8("k"), Bytes.utf8("perhaps")));
            } finally {
                cluster.server().resume();
            }

            boolean written = unknown.resolve().equals(new Resolution.Written());
            assertThat(unknown.resolve())
                    .isEqualTo(written ? new Resolution.Written() : new Resolution.NotDone());
            assertThat(db.raw().get(Bytes.utf8("k")))
                    .contains(Bytes.utf8(written ? "perhaps" : "before"));
            db.raw().put(Bytes.utf8("k"), Bytes.utf8("after"));
            assertThat(db.raw().get(Bytes.utf8("k"))).contains(Bytes.utf8("after"));
        }
    }

    /**
     * The command line can't be paused between connecting and writing, but the disk under it can.
     */
    @Test
    void aWriteWhoseSyncStallsHasAnUnknownOutcomeAndReadsGoOn() throws IOException {
        assertThat(cluster.cli().run("raw", "put", "k", "before").exitCode()).isZero();

        Files.createFile(stall);
        Finished put;
        Finished get;
        try {
            put = cluster.cli().run("raw", "put", "other", "perhaps");
            get = cluster.cli().run("raw", "get", "k");
        } finally {
            Files.delete(stall);
        }

        assertThat(put.exitCode()).as(put.toString()).isEqualTo(OUTCOME_UNKNOWN);
        assertThat(put.complaint()).contains("may have happened");
        assertThat(get.stdout()).isEqualTo("before");
        assertThat(cluster.cli().run("raw", "put", "k", "after").exitCode()).isZero();
    }

    /** Where nobody answers, waiting longer would change nothing. */
    private static Finished runBriefly(Cli cli, String... command) {
        String[] brief = new String[command.length + 2];
        System.arraycopy(command, 0, brief, 0, command.length);
        brief[command.length] = "--timeout";
        brief[command.length + 1] = "1s";
        return cli.run(brief);
    }
}
