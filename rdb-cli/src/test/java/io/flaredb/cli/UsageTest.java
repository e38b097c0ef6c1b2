package io.flaredb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Wrong command lines: exit code 2, one line that names what is wrong and what is allowed. */
class UsageTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
"""
rwa                                    | unknown command 'rwa': did you mean raw? (see flaredb --help)
frobnicate                             | unknown command 'frobnicate': allowed are dev, pd, server, raw, cas,
frobnicate                             | bench, completion, help (see flaredb --help)
raw pt k v                             | unknown command 'pt': did you mean put? (see flaredb raw --help)
raw                                    | missing command: one of put, get, delete, scan
raw get                                | missing required parameter: 'KEY' (see flaredb raw get --help)
raw get a b                            | unexpected argument 'b' (see flaredb raw get --help)
raw scan --limt 3                      | unknown option '--limt': did you mean --limit? (see
raw get k --zzz                        | unknown option '--zzz': put -- before a key or value that starts with a dash
raw get -key                           | unknown option '-key': put -- before a key or value that starts with a dash (see
raw put -key                           | unknown option '-key': put -- before a key or value that starts with a dash (see
cas put k v other                      | missing required option: '--expect=N'
raw help put                           | unknown command 'help': allowed are put, get, delete, scan, batch-get, batch-put (see
raw gte get                            | unknown command 'gte': did you mean get? (see
dev -o text                            | unknown option '-o' (see flaredb dev --help)
region transfer-leader 2 --too 3       | unknown option '--too': did you mean --to?
bench ceilings --rate 5                | unknown option '--rate' (see flaredb bench ceilings --help)
dev --pd 127.0.0.1:2379                | unknown option '--pd' (see flaredb dev --help)
--pd 127.0.0.1:2379 dev --data-dir=/dev/null | '--pd' is not an option of dev (see flaredb dev --help)
--pd 127.0.0.1:2379 pd --data-dir=/dev/null | '--pd' is not an option of pd
-o text dev --data-dir=/dev/null       | '--output' is not an option of dev
--timeout 1s server --data-dir=/dev/null | '--timeout' is not an option of server
--encoding hex server --data-dir=/dev/null --initial-regions 40,80 | '--encoding' is not an option of server
raw put k                              | give the value either as VALUE or by --value-file
raw put k v --value-file f             | give the value either as VALUE or by --value-file
raw put k --value-file=                | '--value-file': '' is not the path of a file or folder
raw batch-put a b c                    | the last KEY has no VALUE
raw scan --limit 0                     | '--limit': '0' is not a whole number, 1 to 2147483647
raw scan --limit many                  | '--limit': 'many' is not a whole number, 1 to 2147483647
cas put k v                            | missing required option: '--expect=N'
cas put k v --expect x                 | '--expect': 'x' is not an unsigned 64-bit integer, 0 to 18446744073709551615
cas put k v --expect -1                | '--expect': '-1' is not an unsigned 64-bit integer
cas put k v --expect +1                | '--expect': '+1' is not an unsigned 64-bit integer
cas put k v --expect 18446744073709551616 | is not an unsigned 64-bit integer
cas delete k --expect 1.5              | '--expect': '1.5' is not an unsigned 64-bit integer
cas batch                              | batch is empty: allowed are 1 to 1000 operations
cas batch --put k 1                    | --put
cas batch --put k 0 -hello             | but found '-hello': give a key or value that starts with a dash in --encoding hex or base64 (see
cas batch --put k 0 -hello             | flaredb: expected parameter 3 (of 3 mandatory parameters) for option '--put'
cas batch --put k x v                  | invalid value for VERSION of option '--put': 'x' is not an unsigned 64-bit integer
cas batch --delete k -1                | invalid value for VERSION of option '--delete': '-1' is not an unsigned 64-bit
cas batch --check k 1 --delete k 1     | batch has key "k" twice: allowed is one operation for each key
cas batch --check zz 1 --encoding hex  | KEY is not in --encoding hex
tso --count 0                          | '--count': '0' is not a whole number, 1 to 262144
tso --count 262145                     | '--count': '262145' is not a whole number, 1 to 262144
status --timeout 5                     | '--timeout': '5' is not a number with ms, s or m behind it
status --timeout 0s                    | '--timeout': '0s' is not a number with ms, s or m behind it, 1ms to 1440m
status --timeout 1441m                 | '--timeout': '1441m' is not a number with ms, s or m behind it, 1ms to 1440m
status -o xml                          | '--output': 'xml' is not one of text, json
status --encoding latin1               | '--encoding': 'latin1' is not one of utf8, hex, base64
status --pd somewhere                  | --pd: address "somewhere" is not host:port, for example 127.0.0.1:2379
status --pd my_pd:2379                 | --pd: address "my_pd:2379": "my_pd" is neither an IP address nor a name of letters
status --pd 127.0.0.1:99999            | address "127.0.0.1:99999": port is out of range, allowed are 1 to 65535
status --pd 127.0.0.1:0                | address "127.0.0.1:0": port is out of range, allowed are 1 to 65535
server --data-dir d --pd 127.0.0.1:0   | address "127.0.0.1:0": port is out of range, allowed are 1 to 65535
server --data-dir d --addr here        | '--addr': address "here" is not host:port
server --data-dir=/dev/null --addr 0.0.0.0:20160 | '--addr': '0.0.0.0:20160' is not an address at which clients
server --data-dir=/dev/null --addr [::]:0 | '--addr': '[::]:0' is not an address at which clients and other servers find
dev --data-dir=/dev/null --addr 0.0.0.0:0 | '--addr': '0.0.0.0:0' is not an address at which clients and other servers
server                                 | missing required option: '--data-dir=DIR'
server --data-dir=                     | '--data-dir': '' is not the path of a file or folder
pd --data-dir=                         | '--data-dir': '' is not the path of a file or folder
dev --data-dir=                        | '--data-dir': '' is not the path of a file or folder
server --data-dir d --log-level loud   | '--log-level': 'loud' is not one of off, error, warn, info, debug
server --data-dir d --block-cache 5    | '--block-cache': '5' is not a number with KiB, MiB or GiB behind it, 1MiB to 1024GiB
server --data-dir d --record-cache 5   | '--record-cache': '5' is not 0 or a number with KiB, MiB or GiB behind it, 1MiB to
dev --record-cache 2000GiB             | '--record-cache': '2000GiB' is not 0 or a number with KiB, MiB or GiB
server --data-dir d --write-buffer 63KiB  | '--write-buffer': '63KiB' is not a number with KiB, MiB or GiB behind it, 64KiB to 4GiB
dev --write-buffer 9999999999GiB       | '--write-buffer': '9999999999GiB' is not a number with KiB, MiB or GiB
dev --block-cache 2000GiB              | '--block-cache': '2000GiB' is not a number with KiB, MiB or GiB
server --data-dir d --initial-replicas 0 | '--initial-replicas': '0' is not a whole number, 1 to 7
server --data-dir d --initial-replicas 8 | '--initial-replicas': '8' is not a whole number, 1 to 7
server --data-dir d --initial-regions b,a | '--initial-regions': 'b,a' has "a" behind "b": keys must ascend, each once
server --data-dir d --initial-regions a,a | keys must ascend, each once
server --data-dir d --initial-regions a, | '--initial-regions': 'a,': key is empty: allowed are 1 to 4096 bytes
server --data-dir d --reads fast       | '--reads': 'fast' is not one of read-index, lease
server --data-dir d --election-timeout 99ms | '99ms' is not a number with ms, s or m behind it, 100ms to 60s, for example 5s
server --data-dir d --election-timeout 2m   | '2m' is not a number with ms, s or m behind it, 100ms to 60s, for example 5s
dev --election-timeout 0ms             | '0ms' is not a number with ms, s or m behind it, 100ms to 60s, for example 5s
server --data-dir d --remember-writes 999ms | '999ms' is not a number with ms, s or m behind it, 1s to 1440m, for example 5s
dev --remember-writes 1441m            | '1441m' is not a number with ms, s or m behind it, 1s to 1440m, for example 5s
server --data-dir d --election-timeout 5    | '--election-timeout': '5' is not a number with ms, s or m
server --data-dir d --snapshot-after 0 | '--snapshot-after': '0' is not a whole number, 1 to 1000000000
dev --nodes 0                          | '--nodes': '0' is not a whole number, 1 to 7
dev --nodes 8                          | '--nodes': '8' is not a whole number, 1 to 7
dev --nodes 3 --addr 127.0.0.1:65534   | --addr 127.0.0.1:65534 leaves no ports for 3 stores
region                                 | missing command: one of list, check, transfer-leader, add-peer, remove-peer
region check first                     | 'first' is not an unsigned 64-bit integer
region transfer-leader                 | missing required
region transfer-leader 2               | missing required option: '--to=STORE'
region transfer-leader 2 --to x        | '--to': 'x' is not an unsigned 64-bit integer
region add-peer 2                      | missing required option: '--store=STORE'
region remove-peer 2                   | missing required option: '--store=STORE'
bench                                  | missing command: one of run, ceilings
bench run --workload putt              | 'putt' is not one of put, get, get-stale, cas, cas-contended, scan, mixed, tso
bench run --workload put,get-stale,put | --workload names something twice: [put, get-stale, put]
bench run --in-flight 64,1,64          | --in-flight names something twice: [64, 1, 64]
bench ceilings --in-flight 64,64       | --in-flight names something twice: [64, 64]
bench run --in-flight 0                | '0' is not a whole number, 1 to 65536
bench run --in-flight 1,x              | 'x' is not a whole number, 1 to 65536
bench run --in-flight 65537            | '65537' is not a whole number, 1 to 65536
bench run --in-flight 64 --keys 63     | --in-flight 64 with 63 keys: each needs a key of its own
bench run --seconds 0                  | '--seconds': '0' is not a whole number, 1 to 86400
bench run --warm-up 5                  | '--warm-up': '5' is not a number with ms, s or m
bench run --warm-up 5s --warm-up-limit 4s | --warm-up-limit is 4000 ms: at least --warm-up, 5000 ms
bench run --value-size 0               | '--value-size': '0' is not a whole number, 1 to 4194304
bench run --keys 100000001             | '--keys': '100000001' is not a whole number, 1 to 100000000
bench run --contended-keys 0           | '--contended-keys': '0' is not a whole number, 1 to 999999
bench run --rate 0                     | '--rate': '0' is not a whole number, 1 to 10000000
bench run --runs 101                   | '--runs': '101' is not a whole number, 1 to 100
bench run --json /no/such/file         | --json: cannot write /no/such/file: there is no folder /no/such
bench run --json=                      | '--json': '' is not the path of a file or folder
bench run --json r --plot ./r          | --json and --plot are the same file: r
bench run --plot /                     | --plot: cannot write /: it is a folder
bench ceilings --dir=                  | '--dir': '' is not the path of a file or folder
bench ceilings --dir /no/such          | --dir: there is no folder /no/such
raw get abc --encoding hex             | KEY is not in --encoding hex: allowed are pairs of 0-9, a-f
raw get zz --encoding hex              | KEY is not in --encoding hex
raw put 00 zz --encoding hex           | VALUE is not in --encoding hex
raw get a* --encoding base64           | KEY is not in --encoding base64
raw scan --from zz --encoding hex      | --from is not in --encoding hex
help raw fly                           | unknown command 'fly'
completion csh                         | unexpected argument 'csh'
""")
    void saysInOneLineWhatIsWrong(String arguments, String message) {
        Run run = Run.words(arguments);
        assertThat(run.err()).startsWith("flaredb: ").contains(message).hasLineCount(1);
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE.number());
        assertThat(run.out()).isEmpty();
    }

    @Test
    void asksForACommandIfThereIsNone() {
        Run run = Run.flaredb();
        assertThat(run.err()).startsWith("flaredb: missing command: one of dev, pd, server");
        assertThat(run.exitCode()).isEqualTo(2);
    }

    @Test
    void refusesKeysAndValuesBeyondTheLimits(@TempDir Path folder) throws IOException {
        Path large = Files.write(folder.resolve("large"), new byte[4 * 1024 * 1024 + 1]);
        assertUsage(Run.flaredb("raw", "get", ""), "key is empty: allowed are 1 to 4096 bytes");
        assertUsage(
                Run.flaredb("cas", "get", "k".repeat(4097)),
                "key is 4097 bytes: allowed are 1 to 4096");
        assertUsage(
                Run.flaredb("raw", "put", "k", "v".repeat(4 * 1024 * 1024 + 1)),
                "value is 4194305 bytes: allowed are at most 4194304");
        assertUsage(
                Run.flaredb("raw", "put", "k", "--value-file", large.toString()),
                "is longer: allowed are at most 4194304 bytes");
        assertUsage(
                Run.flaredb(Map.of(), new byte[5_000_000], "raw", "put", "k", "--value-file", "-"),
                "is longer: allowed are at most 4194304 bytes");
    }

    @Test
    void refusesBytesOfTheCommandLineThatWereNotUtf8() {
        assertUsage(
                Run.flaredb("raw", "put", "k", "caf\uFFFD"),
                "VALUE is not valid UTF-8 (or holds U+FFFD): give it in --encoding hex or base64");
    }

    @Test
    void namesTheVariableThatIsWrong() {
        Run pd = Run.flaredb(Map.of("FLAREDB_PD", "nowhere"), new byte[0], "status");
        assertUsage(pd, "invalid value for FLAREDB_PD: address \"nowhere\" is not host:port");
        Run level = Run.flaredb(Map.of("FLAREDB_LOG_LEVEL", "loud"), new byte[0], "status");
        assertUsage(level, "invalid value for FLAREDB_LOG_LEVEL: 'loud' is not one of off, error");
    }

    @Test
    void saysItInJsonWhereJsonWasAskedFor() {
        String usage = "\"error\":\"usage\",\"message\":\"unknown command 'fly'";
        assertThat(Run.words("-o json raw fly").err()).startsWith("{" + usage).endsWith("}\n");
        assertThat(Run.words("raw --output=json fly").err()).startsWith("{" + usage);
        assertThat(Run.words("raw fly -- -o json").err()).startsWith("flaredb: unknown command");
        for (String nearest : new String[] {"-o text", "-o=text", "--output text"}) {
            Run text = Run.words("-o json raw get " + nearest);
            assertThat(text.err()).startsWith("flaredb: missing required parameter");
            Run json = Run.words(nearest + " raw get -o json");
            assertThat(json.err()).startsWith("{\"error\":\"usage\"");
        }
    }

    @Test
    void aMissingFileIsNamed(@TempDir Path folder) {
        String file = folder.resolve("none").toString();
        Run run = Run.flaredb("raw", "put", "k", "--value-file", file);
        assertThat(run.err()).isEqualTo("flaredb: cannot read " + file + ": no such file\n");
        assertThat(run.exitCode()).isEqualTo(1);
    }

    @Test
    void anUnreadableFileIsNamedOnceAndSoIsTheReason(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        Run run = Run.flaredb("raw", "put", "k", "--value-file", file + "/below");
        assertThat(run)
                .isEqualTo(
                        new Run(
                                1,
                                "",
                                "flaredb: cannot read " + file + "/below: Not a directory\n"));
    }

    private static void assertUsage(Run run, String message) {
        assertThat(run.err()).startsWith("flaredb: ").contains(message).hasLineCount(1);
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE.number());
        assertThat(run.out()).isEmpty();
    }
}
