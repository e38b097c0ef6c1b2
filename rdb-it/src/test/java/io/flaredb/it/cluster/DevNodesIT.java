package io.flaredb.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flaredb.bytes.Bytes;
import io.flaredb.client.FlareDb;
import io.flaredb.client.FlareDbOptions;
import io.flaredb.client.OutcomeUnknownException;
import io.flaredb.it.process.FlareProcess;
import io.flaredb.it.process.FlareProcess.Finished;
import io.flaredb.it.process.FlareProcess.ReadyLine;
import io.flaredb.it.process.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code flaredb dev --nodes 3}: a cluster of processes in one command. */
class DevNodesIT {
    /** A line of the table: role, store id, address, process id and data folder. */
    private static final Pattern ROW =
            Pattern.compile("(?m)^(pd|server) +(-|\\d+) +(\\S+:\\d+) +(\\d+) +(\\S+)$");

    private static final Bytes KEY = Bytes.utf8("k");

    @TempDir Path folder;

    @Test
    void servesSurvivesTheLossOfAServerAndKeepsItsDataOverARestart() {
        try (FlareProcess dev = dev("127.0.0.1:0", "--initial-regions", "g,p")) {
            ReadyLine ready = dev.awaitReady();
            List<MatchResult> rows = rows(dev);
            assertThat(rows)
                    .extracting(row -> row.group(1))
                    .containsExactly("pd", "server", "server", "server");
            assertThat(rows)
                    .extracting(row -> row.group(5))
                    .containsExactly(data("pd"), data("store-1"), data("store-2"), data("store-3"));
            assertThat(rows).extracting(row -> row.group(2)).containsExactly("-", "1", "2", "3");
            assertThat(ready.after("pd")).isEqualTo(rows.getFirst().group(3));
            assertThat(ready.after("stores").split(","))
                    .containsExactly(
                            rows.get(1).group(3), rows.get(2).group(3), rows.get(3).group(3));
            List<ProcessHandle> processes = processes(rows);
            assertThat(processes).hasSize(4).allMatch(ProcessHandle::isAlive);
            try (FlareDb db = connect(ready)) {
                assertThat(db.cluster().regions())
                        .hasSize(3)
                        .allSatisfy(region -> assertThat(region.peerStoreIds()).hasSize(3));
                db.raw().put(KEY, Bytes.utf8("before"));

                processes.get(2).destroyForcibly();

                // The first may have been sent just when its leader died.
                await().atMost(FlareProcess.DEADLINE)
                        .ignoreExceptionsInstanceOf(OutcomeUnknownException.class)
                        .untilAsserted(() -> db.raw().put(KEY, Bytes.utf8("after")));
                assertThat(db.raw().get(KEY)).contains(Bytes.utf8("after"));
                await().atMost(FlareProcess.DEADLINE)
                        .until(() -> dev.stderr().contains("store-2 (pid "));
                assertThat(dev.stderr())
                        .contains(
                                "flaredb: store-2 (pid "
                                        + processes.get(2).pid()
                                        + ") was ended by signal 9");
            }

            Finished finished = dev.terminate();

            assertThat(finished.exitCode()).as(finished.toString()).isZero();
            assertThat(processes).noneMatch(ProcessHandle::isAlive);
            assertThat(finished.stderr()).doesNotContain("\tat ").doesNotContain("ERROR");
        }
        try (FlareProcess dev = dev("127.0.0.1:0"); // now under other addresses
                FlareDb db = connect(dev.awaitReady())) {
            assertThat(db.raw().get(KEY)).contains(Bytes.utf8("after"));
            assertThat(dev.terminate().exitCode()).isZero();
        }
    }

    @Test
    void itsProcessesEndEvenIfItIsKilled() {
        try (FlareProcess dev = dev("127.0.0.1:0")) {
            dev.awaitReady();
            List<ProcessHandle> processes = processes(rows(dev));

            dev.kill();

            await("end of " + processes)
                    .atMost(FlareProcess.DEADLINE)
                    .until(() -> processes.stream().noneMatch(ProcessHandle::isAlive));
        }
    }

    @Test
    void itEndsWellWithAllItsProcessesAlsoBeforeItIsReady() {
        try (FlareProcess dev = dev("127.0.0.1:0")) {
            await("a process of " + dev)
                    .atMost(FlareProcess.DEADLINE)
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> !dev.children().isEmpty());
            List<ProcessHandle> processes = dev.children();

            Finished finished = dev.terminate();

            assertThat(finished.exitCode()).as(finished.toString()).isZero();
            assertThat(finished.stdout()).isEmpty();
            assertThat(processes).noneMatch(ProcessHandle::isAlive);
        }
    }

    @Test
    void aServerThatCannotStartEndsAllAndIsNamed() throws IOException {
        String pdAddress = FreePorts.address();
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String taken = "127.0.0.1:" + other.getLocalPort();
            Finished dev =
                    FlareProcess.flaredb(
                                    "dev",
                                    "--nodes",
                                    "2",
                                    "--data-dir",
                                    folder.toString(),
                                    "--pd-addr",
                                    pdAddress,
                                    "--addr",
                                    taken)
                            .awaitExit();

            assertThat(dev.exitCode()).as(dev.toString()).isEqualTo(1);
            assertThat(dev.complaint())
                    .isEqualTo(
                            "flaredb: store-1: cannot listen on "
                                    + taken
                                    + ": the address is already in use");
            assertThat(dev.stdout()).isEmpty();
        }
        try (ServerSocket free = new ServerSocket()) { // nothing of it is left
            free.bind(
                    new java.net.InetSocketAddress(
                            "127.0.0.1", Integer.parseInt(pdAddress.split(":")[1])));
        }
    }

    private FlareProcess dev(String address, String... more) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "dev",
                                "--nodes",
                                "3",
                                "--data-dir",
                                folder.toString(),
                                "--pd-addr",
                                address,
                                "--addr",
                                address));
        arguments.addAll(List.of(more));
        return FlareProcess.flaredb(arguments.toArray(String[]::new));
    }

    private static FlareDb connect(ReadyLine ready) {
        return FlareDb.connect(
                ready.after("pd"), FlareDbOptions.defaults().withTimeout(Duration.ofSeconds(20)));
    }

    private static List<MatchResult> rows(FlareProcess dev) {
        return ROW.matcher(dev.stdout()).results().toList();
    }

    private static List<ProcessHandle> processes(List<MatchResult> rows) {
        return rows.stream()
                .map(row -> ProcessHandle.of(Long.parseLong(row.group(4))).orElseThrow())
                .toList();
    }

    private String data(String name) {
        return folder.resolve(name).toString();
    }
}
