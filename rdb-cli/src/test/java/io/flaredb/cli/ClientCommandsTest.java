package io.flaredb.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What client commands answer, from a PD and a store that run in this process. */
class ClientCommandsTest {
    @TempDir private static Path folder;

    private static RunningProcess dev;
    private static Map<String, String> env;

    @BeforeAll
    static void startDev() {
        dev =
                RunningProcess.start(
                        "dev",
                        "--data-dir",
                        folder.resolve("data").toString(),
                        "--pd-addr",
                        "127.0.0.1:0",
                        "--addr",
                        "127.0.0.1:0");
        env = Map.of("FLAREDB_PD", dev.ready("pd"));
    }

    @AfterAll
    static void stopDev() throws Exception {
        assertThat(dev.stop()).isZero();
        assertThat(dev.err()).isEmpty();
    }

    @Test
    void rawInText() {
        answers("", "raw", "put", "t/a", "hello, wörld");
        answers("hello, wörld\n", "raw", "get", "t/a");
        answers("", "raw", "put", "t/empty", "");
        answers("\n", "raw", "get", "t/empty");
        answers("", "raw", "delete", "t/a");
        ends(4, "", "flaredb: not found: key \"t/a\"\n", "raw", "get", "t/a");
        answers("", "raw", "delete", "t/a");
    }

    @Test
    void rawInJson() {
        answers("{\"written\":true}\n", "-o", "json", "raw", "put", "j/<a>", "say \"hi\"");
        answers(
                "{\"found\":true,\"key\":\"j/<a>\",\"value\":\"say \\\"hi\\\"\"}\n",
                "raw",
                "get",
                "j/<a>",
                "-o",
                "json");
        answers("{\"deleted\":true}\n", "raw", "-o", "json", "delete", "j/<a>");
        ends(4, "{\"found\":false,\"key\":\"j/<a>\"}\n", "", "raw", "get", "j/<a>", "-o=json");
    }

    @Test
    void casInText() {
        answers("1\n", "cas", "put", "c/k", "one", "--expect", "0");
        answers("2\n", "cas", "put", "c/k", "two", "--expect=1");
        answers("2\ntwo\n", "cas", "get", "c/k");
        ends(
                3,
                "",
                "flaredb: conflict: key \"c/k\" is at version 2, expected 1\n",
                "cas",
                "put",
                "c/k",
                "late",
                "--expect",
                "1");
        ends(
                3,
                "",
                "flaredb: conflict: key \"c/none\" is at version 0 (absent), expected"
                        + " 18446744073709551615\n",
                "cas",
                "delete",
                "c/none",
                "--expect",
                "18446744073709551615");
        answers("0\n", "cas", "delete", "c/k", "--expect", "2");
        ends(4, "", "flaredb: not found: key \"c/k\"\n", "cas", "get", "c/k");
    }

    @Test
    void casInJson() {
        answers(
                "{\"swapped\":true,\"version\":1}\n",
                "-o",
                "json",
                "cas",
                "put",
                "!first",
                "v",
                "--expect",
                "0");
        answers(
                "{\"found\":true,\"key\":\"!first\",\"version\":1,\"value\":\"v\"}\n",
                "-o",
                "json",
                "cas",
                "get",
                "!first");
        ends(
                3,
                "{\"swapped\":false,\"current_version\":1,\"current_value\":\"v\"}\n",
                "",
                "-o",
                "json",
                "cas",
                "delete",
                "!first",
                "--expect",
                "10");
        ends(
                3,
                "{\"swapped\":false,\"current_version\":0,\"current_value\":null}\n",
                "",
                "-o",
                "json",
                "cas",
                "put",
                "!none",
                "v",
                "--expect",
                "10");
        ends(4, "{\"found\":false,\"key\":\"!none\"}\n", "", "-o", "json", "cas", "get", "!none");
        answers(
                "{\"entries\":[{\"key\":\"!first\",\"version\":1,\"value\":\"v\"}],\"count\":1}\n",
                "-o",
                "json",
                "cas",
                "scan",
                "--from",
                "!",
                "--to",
                "\"");
        answers("!first\t1\tv\n", "cas", "scan", "--to", "\"", "--limit", "5");
    }

    @Test
    void aConflictWithAValueThatIsNoTextIsAConflict() {
        String version = text("--encoding hex cas put 62696e617279 fe --expect 0");
        String conflict = "{\"swapped\":false,\"current_version\":" + version;
        ends(
                3,
                conflict + ",\"current_value\":\"fe\"}\n",
                "",
                words("-o json --encoding hex cas put 62696e617279 00 --expect 777"));
        for (String command : List.of("cas put binary v", "cas delete binary")) {
            ends(
                    3,
                    conflict + ",\"current_value\":null}\n",
                    "flaredb: the current value is not valid UTF-8: use --encoding hex or base64\n",
                    words("-o json " + command + " --expect 777"));
        }
    }

    /** Versions of new keys depend on what other tests have removed. */
    @Test
    void casBatchInText() {
        long first = Long.parseLong(text("cas put b/1 one --expect 0"));
        String[] versions =
                text("cas batch --check b/none 0 --put b/1 " + first + " uno --put b/2 0 due")
                        .split("[\t\n]");
        assertThat(versions)
                .containsExactly("b/1", "" + (first + 1), "b/2", versions[3], "b/none", "0");
        answers(versions[3] + "\ndue\n", words("cas get b/2"));
        ends(
                3,
                "",
                "flaredb: conflict: key \"b/2\" is at version "
                        + versions[3]
                        + ", expected 777\n"
                        + "flaredb: conflict: key \"b/none\" is at version 0 (absent), expected 1\n",
                words(
                        "cas batch --delete b/1 "
                                + (first + 1)
                                + " --delete b/2 777 --check b/none 1"));
        answers(
                "b/1\t0\nb/2\t0\n",
                words("cas batch --delete b/1 " + (first + 1) + " --delete b/2 " + versions[3]));
        ends(4, "", "flaredb: not found: key \"b/1\"\n", "cas", "get", "b/1");
    }

    @Test
    void casBatchInJson() {
        long version = Long.parseLong(text("cas put bj v --expect 0"));
        answers(
                "{\"swapped\":true,\"versions\":[{\"key\":\"bj\",\"version\":"
                        + (version + 1)
                        + "},{\"key\":\"bk\",\"version\":0}]}\n",
                words("-o json cas batch --put bj " + version + " w --check bk 0"));
        ends(
                3,
                "{\"swapped\":false,\"current_versions\":[{\"key\":\"bj\",\"version\":"
                        + (version + 1)
                        + "},{\"key\":\"bk\",\"version\":0}]}\n",
                "",
                words("-o json cas batch --put bj 0 v --check bk 0"));
    }

    private static String text(String line) {
        Run run = Run.flaredb(env, new byte[0], words(line));
        assertThat(run.exitCode()).as(run.err()).isZero();
        return run.out().strip();
    }

    private static String[] words(String line) {
        return line.split(" ");
    }

    @Test
    void scansInTheOrderOfKeysUpToTheLimit() {
        answers("", "raw", "batch-put", "s/3", "c", "s/1", "a", "s/2", "b");
        answers("s/1\ta\ns/2\tb\ns/3\tc\n", "raw", "scan", "--from", "s/", "--to", "s0");
        answers("s/2\tb\n", "raw", "scan", "--from", "s/2", "--to", "s/3");
        answers("s/1\ta\ns/2\tb\n", "raw", "scan", "--from", "s/", "--limit", "2");
        answers(
                "{\"entries\":[{\"key\":\"s/2\",\"value\":\"b\"}],\"count\":1}\n",
                "raw",
                "scan",
                "--from",
                "s/2",
                "--limit",
                "1",
                "-o",
                "json");
        answers("{\"entries\":[],\"count\":0}\n", "raw", "scan", "--from", "~", "-o", "json");
        answers("s/3\tc\ns/1\ta\n", "raw", "batch-get", "s/3", "s/none", "s/1");
    }

    @Test
    void otherEncodings() {
        answers("", "--encoding", "hex", "raw", "put", "00ff", "fe00");
        answers("fe00\n", "raw", "get", "00FF", "--encoding", "hex");
        answers("/gA=\n", "raw", "get", "AP8=", "--encoding", "base64");
        answers("00ff\tfe00\n", "raw", "scan", "--to", "01", "--encoding", "hex");
        ends(
                1,
                "",
                "flaredb: the answer is not valid UTF-8 (0x00ff): use --encoding hex or base64\n",
                "raw",
                "scan",
                "--limit",
                "1");
    }

    @Test
    void valuesFromFilesAndStdin() throws IOException {
        byte[] bytes = {1, 2, (byte) 0xff, '\n'};
        Path file = Files.write(folder.resolve("value"), bytes);
        answers("", "raw", "put", "f/file", "--value-file", file.toString());
        answers("AQL/Cg==\n", "raw", "get", "Zi9maWxl", "--encoding", "base64");
        Run run =
                Run.flaredb(
                        env, "from stdin".getBytes(UTF_8), "raw", "put", "f/in", "--value-file=-");
        assertThat(run.exitCode()).isZero();
        answers("from stdin\n", "raw", "get", "f/in");
    }

    @Test
    void argumentsThatLookLikeSomethingElse() {
        answers("", "raw", "put", "--", "-o", "--encoding");
        answers("--encoding\n", "raw", "get", "--", "-o");
        answers("", "raw", "put", "@file", "\"quoted\" ${x}");
        answers("\"quoted\" ${x}\n", "raw", "get", "@file");
    }

    @Test
    void timestampsGrow() {
        Run run = Run.flaredb(env, new byte[0], "tso", "--count", "3");
        List<BigInteger> first = run.out().lines().map(BigInteger::new).toList();
        assertThat(first).hasSize(3).isSorted().doesNotHaveDuplicates();
        JsonObject json = json("tso", "--count", "100");
        assertThat(json.keySet()).containsExactly("first", "last", "count");
        assertThat(json.get("first").getAsBigInteger()).isGreaterThan(first.getLast());
        assertThat(json.get("last").getAsBigInteger())
                .isEqualTo(json.get("first").getAsBigInteger().add(BigInteger.valueOf(99)));
        assertThat(json.get("count").getAsInt()).isEqualTo(100);
    }

    @Test
    void showsTheCluster() {
        JsonObject status = json("status");
        assertThat(status.get("pd").getAsString()).isEqualTo(dev.ready("pd"));
        assertThat(status.get("cluster_id").getAsString()).isEqualTo(dev.ready("cluster"));
        JsonObject store = status.getAsJsonArray("stores").get(0).getAsJsonObject();
        assertThat(store.get("id").getAsLong()).isEqualTo(1);
        assertThat(store.get("address").getAsString()).isEqualTo(dev.ready("store"));
        assertThat(store.get("state").getAsString()).isEqualTo("up");
        assertThat(status.getAsJsonArray("regions")).hasSize(1);
        assertThat(json("store", "list").getAsJsonArray("stores")).hasSize(1);
        JsonObject region =
                json("region", "list").getAsJsonArray("regions").get(0).getAsJsonObject();
        assertThat(region.get("leader_store").getAsLong()).isEqualTo(1);
        assertThat(region.get("start_key").getAsString()).isEmpty();

        Run text = Run.flaredb(env, new byte[0], "status");
        assertThat(text.out())
                .contains("cluster  " + dev.ready("cluster") + "\n")
                .contains("stores   1 (1 up)\n")
                .contains("regions  1\n");
        assertThat(Run.flaredb(env, new byte[0], "store", "list").out()).hasLineCount(2);
        assertThat(Run.flaredb(env, new byte[0], "region", "list").out()).hasLineCount(2);
    }

    @Test
    void staleReadsAnswerAsOthersDoWhereThereIsOneReplica() {
        answers("", "raw", "put", "stale", "r");
        answers("1\n", "cas", "put", "stale", "c", "--expect", "0");
        answers("r\n", "raw", "get", "stale", "--stale");
        answers("stale\tr\n", "raw", "scan", "--from", "stale", "--limit", "1", "--stale");
        answers("1\nc\n", "cas", "get", "--stale", "stale");
        answers("stale\t1\tc\n", "cas", "scan", "--from", "stale", "--to", "stale~", "--stale");
        ends(4, "", "flaredb: not found: key \"~none\"\n", "raw", "get", "~none", "--stale");
    }

    @Test
    void looksAfterRegions() {
        JsonObject region =
                json("region", "list").getAsJsonArray("regions").get(0).getAsJsonObject();
        String id = region.get("id").getAsString();
        assertThat(region.get("term").getAsLong()).isPositive();
        JsonObject check = json("region", "check");
        assertThat(check.get("consistent").getAsBoolean()).isTrue();
        assertThat(check.getAsJsonArray("regions")).hasSize(1);
        assertThat(json("region", "check", id).get("consistent").getAsBoolean()).isTrue();
        assertThat(Run.flaredb(env, new byte[0], "region", "check").out()).hasLineCount(2);
        answers("", "region", "transfer-leader", id, "--to", "1");
        refuses("region", "check", "4711");
        refuses("region", "transfer-leader", id, "--to", "4711");
        answers("", "region", "add-peer", id, "--store", "1");
        answers("{\"added\":true}\n", "region", "add-peer", id, "--store=1", "-o=json");
        refuses("region", "remove-peer", id, "--store", "1");
    }

    private static void refuses(String... args) {
        Run run = Run.flaredb(env, new byte[0], args);
        assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
        assertThat(run.err()).startsWith("flaredb: ").hasLineCount(1);
        assertThat(run.out()).isEmpty();
    }

    @Test
    void theOptionNearestToTheCommandCounts() {
        answers("", "raw", "put", "near", "n");
        answers("6e\n", "--encoding", "utf8", "raw", "get", "6e656172", "--encoding", "hex");
        answers("bg==\n", "raw", "--encoding", "base64", "get", "bmVhcg==");
        String pd = dev.ready("pd");
        Run run = Run.flaredb("--pd", "127.0.0.1:1", "raw", "get", "near", "--pd", pd);
        assertThat(run.out()).isEqualTo("n\n");
    }

    @Test
    void saysThatNobodyAnswers() {
        Run text = Run.words("--pd 127.0.0.1:1 --timeout 100ms raw put k v");
        assertThat(text.err()).startsWith("flaredb: ").contains("127.0.0.1:1").hasLineCount(1);
        assertThat(text.exitCode()).isEqualTo(5);
        Run json = Run.words("--pd 127.0.0.1:1 --timeout 100ms tso -o json");
        assertThat(json.out()).isEmpty();
        assertThat(json.err()).startsWith("{\"error\":\"unavailable\",\"message\":\"");
        assertThat(json.exitCode()).isEqualTo(5);
    }

    private static JsonObject json(String... args) {
        String[] all = new String[args.length + 2];
        System.arraycopy(args, 0, all, 0, args.length);
        all[args.length] = "-o";
        all[args.length + 1] = "json";
        Run run = Run.flaredb(env, new byte[0], all);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).hasLineCount(1);
        return JsonParser.parseString(run.out()).getAsJsonObject();
    }

    private static void answers(String out, String... args) {
        ends(0, out, "", args);
    }

    private static void ends(int exitCode, String out, String err, String... args) {
        assertThat(Run.flaredb(env, new byte[0], args)).isEqualTo(new Run(exitCode, out, err));
    }
}
