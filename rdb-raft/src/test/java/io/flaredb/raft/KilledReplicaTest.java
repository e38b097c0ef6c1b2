package io.flaredb.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KilledReplicaTest {
    private static final int ROUNDS = 4;
    private static final int PUTS_PER_ROUND = 2_000;

    @TempDir Path dir;

    @Test
    void losesNothingItHasAcknowledgedNorItsTerm() throws IOException {
        TestCluster cluster = new TestCluster(dir, 500);
        Set<Integer> acknowledged = new HashSet<>();
        long term = 0;
        for (int round = 0; round < ROUNDS; round++) {
            long next = run(cluster.clusterId, 1_000_000 * round, acknowledged);
            assertThat(next).isGreaterThan(term);
            term = next;
        }
        assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(ROUNDS * PUTS_PER_ROUND);
        try (cluster) {
            cluster.startAll(TestCluster.REGION, 1);
            cluster.put("last", "one");
            assertThat(cluster.leader().state().term()).isGreaterThan(term);
            for (int n : acknowledged) {
                assertThat(cluster.get(1, "k" + n)).isEqualTo("v" + n);
            }
        }
    }

    /** Runs a replica until it has acknowledged enough, then kills it. Returns its term. */
    private long run(long clusterId, int first, Set<Integer> acknowledged) throws IOException {
        Process process =
                new ProcessBuilder(
                                List.of(
                                        Path.of(System.getProperty("java.home"), "bin", "java")
                                                .toString(),
                                        "--enable-native-access=ALL-UNNAMED",
                                        "-Xmx256m",
                                        // RocksDB unpacks its library there; a killed process
                                        // leaves it.
                                        "-Djava.io.tmpdir=" + dir,
                                        "-cp",
                                        System.getProperty("java.class.path"),
                                        KilledReplica.class.getName(),
                                        dir.resolve("store1").toString(),
                                        Long.toString(clusterId),
                                        Integer.toString(first)))
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        long term = 0;
        int before = acknowledged.size();
        try (BufferedReader said = process.inputReader()) {
            for (String line = said.readLine(); line != null; line = said.readLine()) {
                if (line.startsWith("term ")) {
                    term = Long.parseLong(line.substring("term ".length()));
                } else if (line.startsWith("put ")) {
                    acknowledged.add(Integer.parseInt(line.substring("put ".length())));
                }
                if (acknowledged.size() - before >= PUTS_PER_ROUND) {
                    // By its handle: the process's own method would close the pipe unread.
                    process.toHandle().destroyForcibly();
                }
            }
            return term;
        } finally {
            process.destroyForcibly().onExit().join();
        }
    }
}
