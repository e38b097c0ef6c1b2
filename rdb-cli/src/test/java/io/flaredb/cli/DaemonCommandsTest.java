package io.flaredb.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonArray;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How {@code dev}, {@code pd} and {@code server} start, refuse to start, and stop. */
class DaemonCommandsTest {
    private static final String ANY = "127.0.0.1:0";

    @TempDir private Path folder;

    @Test
    void pdAndServerTellWhereTheyAreAndStopWhenAsked() throws Exception {
        try (RunningProcess pd = pd("pd");
                RunningProcess server = server("store", pd.ready("ready:"))) {
            assertThat(pd.out())
                    .matches(
                            "flaredb pd ready: 127\\.0\\.0\\.1:\\d+ cluster \\d+ data "
                                    + folder.resolve("pd")
                                    + "\n");
            assertThat(server.out())
                    .isEqualTo(
                            "flaredb server ready: "
                                    + server.ready("ready:")
                                    + " store 1 cluster "
                                    + pd.ready("cluster")
                                    + " pd "
                                    + pd.ready("ready:")
                                    + " data "
                                    + folder.resolve("store")
                                    + "\n");
            assertThat(server.stop()).isZero();
            assertThat(pd.stop()).isZero();
            assertThat(server.err()).isEmpty();
            assertThat(pd.err()).isEmpty();
        }
    }

    @Test
    void devComesBackWithItsData() throws Exception {
        String cluster;
        try (RunningProcess dev = dev("data")) {
            cluster = dev.ready("cluster");
            assertThat(Run.words("raw put k v --pd", dev.ready("pd")).exitCode()).isZero();
        }
        try (RunningProcess dev = dev("data")) {
            assertThat(dev.ready("cluster")).isEqualTo(cluster);
            assertThat(Run.words("raw get k --pd", dev.ready("pd")).out()).isEqualTo("v\n");
        }
        assertThat(folder.resolve("data/pd")).isDirectory();
        assertThat(folder.resolve("data/store")).isDirectory();
    }

    @Test
    void refusesAPortThatIsTaken() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                RunningProcess pd = pd("pd")) {
            String taken = "127.0.0.1:" + other.getLocalPort();
            String message = "cannot listen on " + taken + ": the address is already in use";
            refuses(message, "pd", "--addr", taken, "--data-dir", path("other-pd"));
            refuses(
                    message,
                    "server",
                    "--addr",
                    taken,
                    "--pd",
                    pd.ready("ready:"),
                    "--data-dir",
                    path("other-store"));
            refuses(message, "dev", "--pd-addr", taken, "--data-dir", path("a"));
            refuses(message, "dev", "--pd-addr", ANY, "--addr", taken, "--data-dir", path("a"));
        }
    }

    @Test
    void refusesADataFolderThatIsTakenOrNotItsOwn() throws Exception {
        Path foreign = Files.createDirectory(folder.resolve("foreign"));
        Files.writeString(foreign.resolve("letter.txt"), "Dear Sir or Madam");
        Path file = Files.writeString(folder.resolve("file"), "");
        try (RunningProcess pd = pd("pd")) {
            String pdAddress = pd.ready("ready:");
            refuses(
                    "data folder " + path("pd") + " is in use by this process",
                    "pd",
                    "--addr",
                    ANY,
                    "--data-dir",
                    path("pd"));
            refuses(
                    "data folder "
                            + foreign
                            + " is not empty and not FlareDB's: it holds letter.txt",
                    "pd",
                    "--addr",
                    ANY,
                    "--data-dir",
                    foreign.toString());
            refuses(
                    "data folder " + file + " is not a directory",
                    "server",
                    "--addr",
                    ANY,
                    "--pd",
                    pdAddress,
                    "--data-dir",
                    file.toString());
        }
        assertThat(Files.readString(foreign.resolve("letter.txt"))).isEqualTo("Dear Sir or Madam");
    }

    @Test
    void aStoreOfAnotherClusterIsRefused() throws Exception {
        try (RunningProcess pd = pd("pd");
                RunningProcess server = server("store", pd.ready("ready:"))) {
            assertThat(server.stop()).isZero();
        }
        try (RunningProcess other = pd("other-pd")) {
            Run run =
                    Run.flaredb(
                            "server",
                            "--addr",
                            ANY,
                            "--pd",
                            other.ready("ready:"),
                            "--data-dir",
                            path("store"));
            assertThat(run.err())
                    .startsWith("flaredb: ")
                    .contains("refuses", other.ready("cluster"))
                    .hasLineCount(1);
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.out()).isEmpty();
        }
    }

    @Test
    void aServerWithoutPdGivesUpInTheEnd() throws IOException {
        String nobody;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = "127.0.0.1:" + free.getLocalPort();
        }
        Run run =
                Run.flaredb(
                        "server",
                        "--addr",
                        ANY,
                        "--pd",
                        nobody,
                        "--join-timeout",
                        "300ms",
                        "--data-dir",
                        path("store"));
        assertThat(run.exitCode()).isEqualTo(5);
        assertThat(run.err())
                .isEqualTo(
                        "flaredb: the placement driver at "
                                + nobody
                                + " cannot be reached: connection refused\n");
    }

    @Test
    void aServerIsToldThatItsPdIsNone() throws Exception {
        try (RunningProcess pd = pd("pd");
                RunningProcess store = server("store", pd.ready("ready:"))) {
            String notPd = store.ready("ready:");
            refuses(
                    "the placement driver at "
                            + notPd
                            + " does not know this operation: is it another kind of server, or an"
                            + " older one?",
                    "server",
                    "--addr",
                    ANY,
                    "--pd",
                    notPd,
                    "--data-dir",
                    path("other"));
        }
    }

    @Test
    void theFirstStoresWaitForEachOther() throws Exception {
        try (RunningProcess pd = pd("pd")) {
            String[] options = {
                "server",
                "--addr",
                ANY,
                "--pd",
                pd.ready("ready:"),
                "--initial-replicas",
                "2",
                "--initial-regions",
                "b,ü",
                "--reads=lease",
                "--election-timeout=500ms",
                "--data-dir"
            };
            RunningProcess first = RunningProcess.launch(with(options, path("store-1")));
            try (first;
                    RunningProcess second = RunningProcess.start(with(options, path("store-2")))) {
                first.awaitReady();
                JsonArray regions =
                        JsonParser.parseString(
                                        Run.words("region list -o json --pd", pd.ready("ready:"))
                                                .out())
                                .getAsJsonObject()
                                .getAsJsonArray("regions");
                assertThat(regions)
                        .extracting(each -> each.getAsJsonObject().get("end_key").getAsString())
                        .containsExactly("b", "ü", "");
                assertThat(regions)
                        .extracting(each -> each.getAsJsonObject().getAsJsonArray("stores").size())
                        .containsExactly(2, 2, 2);
                assertThat(first.err() + second.err()).doesNotContain("flaredb: ");
            }
        }
    }

    @Test
    void aServerThatWaitsForOthersStopsWhenAskedAndCanBeStartedAgain() throws Exception {
        try (RunningProcess pd = pd("pd")) {
            String address = pd.ready("ready:");
            String[] options = {
                "server", "--addr", ANY, "--pd", address, "--initial-replicas=2", "--data-dir"
            };
            RunningProcess waiting = RunningProcess.launch(with(options, path("store-1")));
            await().atMost(RunningProcess.DEADLINE)
                    .until(() -> Run.words("store list --pd", address).out().contains("127.0.0.1"));

            assertThat(waiting.stop()).isZero();

            assertThat(waiting.out() + waiting.err()).isEmpty();
            RunningProcess again = RunningProcess.launch(with(options, path("store-1")));
            try (again;
                    RunningProcess second = RunningProcess.start(with(options, path("store-2")))) {
                again.awaitReady();
                assertThat(again.out() + second.out()).contains(" store 1 ", " store 2 ");
            }
        }
    }

    private static String[] with(String[] options, String last) {
        String[] all = Arrays.copyOf(options, options.length + 1);
        all[options.length] = last;
        return all;
    }

    @Test
    void devRefusesAFolderThatAnotherNumberOfNodesMade() throws Exception {
        Files.createDirectories(folder.resolve("one/store"));
        refuses(
                "data folder "
                        + path("one")
                        + " holds a store of one process: start it without --nodes, or use another"
                        + " --data-dir",
                "dev",
                "--nodes",
                "3",
                "--data-dir",
                path("one"));
        for (int i = 1; i <= 3; i++) {
            Files.createDirectories(folder.resolve("three/store-" + i));
        }
        String message =
                "data folder "
                        + path("three")
                        + " is that of 3 stores: start it with --nodes 3, or use another --data-dir";
        refuses(message, "dev", "--data-dir", path("three"));
        refuses(message, "dev", "--nodes", "2", "--data-dir", path("three"));
        Files.delete(folder.resolve("three/store-1")); // lost; the others are not
        refuses(message, "dev", "--data-dir", path("three"));
        refuses(message, "dev", "--nodes", "2", "--data-dir", path("three"));
    }

    @Test
    void devRefusesAFolderThatHasLostItsStore() throws Exception {
        try (RunningProcess dev = dev("data")) {
            assertThat(dev.stop()).isZero();
        }
        Path store = folder.resolve("data/store");
        Files.move(store, folder.resolve("elsewhere"));
        refuses(
                "data folder "
                        + path("data")
                        + " holds no store, but its pd knows one: put its folder \"store\" back,"
                        + " or use another --data-dir",
                "dev",
                "--pd-addr",
                ANY,
                "--addr",
                ANY,
                "--data-dir",
                path("data"));
        assertThat(store).doesNotExist();
        Files.move(folder.resolve("elsewhere"), store);
        try (RunningProcess dev = dev("data")) {
            assertThat(dev.stop()).isZero();
        }
    }

    @Test
    void devRefusesAFolderThatItHasNotMade() throws Exception {
        Path foreign = Files.createDirectory(folder.resolve("foreign"));
        Files.writeString(foreign.resolve("letter.txt"), "Dear Sir or Madam");
        String holds = " is not empty and not FlareDB's: it holds letter.txt";
        devRefuses("data folder " + foreign + holds, foreign);
        assertThat(foreign).isDirectoryNotContaining(file -> !file.endsWith("letter.txt"));
        try (RunningProcess pd = pd("pd")) {
            String isPds = " is that of a single pd or server: start that, or use another";
            devRefuses("data folder " + path("pd") + isPds + " --data-dir", folder.resolve("pd"));
            assertThat(pd.stop()).isZero();
        }
    }

    private void devRefuses(String message, Path data) {
        refuses(message, "dev", "--pd-addr", ANY, "--addr", ANY, "--data-dir", data.toString());
        refuses(message, "dev", "--nodes", "2", "--data-dir", data.toString());
    }

    @Test
    void devTakesAFreshFileSystemAndAFolderWhoseMakingWasInterrupted() throws Exception {
        Files.createDirectories(folder.resolve("fresh/lost+found"));
        Files.createDirectories(folder.resolve("begun/pd"));
        for (String data : List.of("fresh", "begun")) {
            try (RunningProcess dev = dev(data)) {
                assertThat(dev.stop()).isZero();
            }
        }
    }

    private void refuses(String message, String... args) {
        assertThat(Run.flaredb(args)).isEqualTo(new Run(1, "", "flaredb: " + message + "\n"));
    }

    private RunningProcess pd(String data) {
        return RunningProcess.start("pd", "--addr", ANY, "--data-dir", path(data));
    }

    private RunningProcess server(String data, String pd) {
        return RunningProcess.start("server", "--addr", ANY, "--pd", pd, "--data-dir", path(data));
    }

    private RunningProcess dev(String data) {
        return RunningProcess.start(
                "dev", "--pd-addr", ANY, "--addr", ANY, "--data-dir", path(data));
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }
}
