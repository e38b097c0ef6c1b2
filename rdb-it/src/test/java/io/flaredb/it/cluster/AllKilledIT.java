package io.flaredb.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.flaredb.client.FlareDb;
import io.flaredb.it.load.Load;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All servers of a cluster die at the same moment, under load, and come back. */
class AllKilledIT {
    private static final int SERVERS = 3;
    private static final int ROUNDS = 2;
    private static final Duration OPERATION_TIMEOUT = Duration.ofSeconds(3);

    @TempDir Path folder;

    @Test
    void nothingAcknowledgedIsMissing() throws Exception {
        try (ReplicatedCluster cluster =
                new ReplicatedCluster(folder, SERVERS, "--initial-regions=m")) {
            FlareDb first = cluster.client(OPERATION_TIMEOUT);
            Load load = new Load(List.of(first, cluster.client(OPERATION_TIMEOUT)), 7);
            try (load) {
                for (int round = 0; round < ROUNDS; round++) {
                    Progress.awaitWrites(load, 1_000);
                    cluster.killAll();
                    load.hold();
                    cluster.startAll();
                    Replicas.awaitConsistent(cluster, first, SERVERS);
                    load.check(false);
                    load.release();
                    assertThat(load.findings().all()).as(cluster.toString()).isEmpty();
                }
                Progress.awaitWrites(load, 100);
            }
            assertThat(load.findings().all()).as(cluster.toString()).isEmpty();
            Replicas.awaitConsistent(cluster, first, SERVERS);
        }
    }
}
