package io.flaredb.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flaredb.bytes.Bytes;
import io.flaredb.client.FlareDb;
import io.flaredb.client.RegionInfo;
import io.flaredb.it.load.Load;
import io.flaredb.it.process.FlareProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server joins and another one leaves while clients write. */
class MembershipIT {
    private static final int SERVERS = 3;
    private static final Duration OPERATION_TIMEOUT = Duration.ofSeconds(20);

    @TempDir Path folder;

    @Test
    void aServerIsReplacedAndNoOperationFails() throws Exception {
        try (ReplicatedCluster cluster =
                new ReplicatedCluster(folder, SERVERS, "--initial-regions=m")) {
            FlareDb db = cluster.client(OPERATION_TIMEOUT);
            Load load = new Load(List.of(db, cluster.client(OPERATION_TIMEOUT)), 3);
            try (load) {
                Progress.awaitWrites(load, 500);
                long joining = cluster.storeId(cluster.add());
                int leaving = Replicas.leader(cluster, db, Bytes.EMPTY);
                List<RegionInfo> regions = db.cluster().regions();
                assertThat(regions).hasSize(2);
                for (RegionInfo region : regions) {
                    db.cluster().addPeer(region.id(), joining);
                    Progress.awaitWrites(load, 100);
                }
                Replicas.awaitConsistent(cluster, db, SERVERS + 1);
                for (RegionInfo region : regions) {
                    db.cluster().removePeer(region.id(), cluster.storeId(leaving));
                    Progress.awaitWrites(load, 100);
                }
                Replicas.awaitConsistent(cluster, db, SERVERS);
                await("PD, which hears of it by heartbeats, to know")
                        .atMost(FlareProcess.DEADLINE)
                        .until(() ->
                                db.cluster().regions().stream()
                                        .map(RegionInfo::peerStoreIds)
                                        .allMatch(stores ->
                                                stores.contains(joining)
                                                        && !stores.contains(
                                                                cluster.storeId(leaving))));

                assertThat(cluster.stop(leaving).exitCode()).isZero();

                for (RegionInfo region : regions) { // the one that joined can lead
                    db.cluster().transferLeader(region.id(), joining);
                }
                Progress.awaitWrites(load, 500);
                load.hold();
                load.check(false);
                assertThat(load.findings().failedOperations())
                        .as(load.findings().firstFailures() + " in " + cluster)
                        .isZero();
                load.release();
                Replicas.awaitConsistent(cluster, db, SERVERS);
            }
            assertThat(load.findings().all()).as(cluster.toString()).isEmpty();
        }
    }
}
