package io.flaredb.it.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flaredb.client.FlareDb;
import io.flaredb.it.cluster.Progress;
import io.flaredb.it.cluster.Replicas;
import io.flaredb.it.cluster.ReplicatedCluster;
import io.flaredb.it.load.Load;
import io.flaredb.it.process.FlareProcess;
import io.flaredb.it.process.FlareProcess.Finished;
import io.flaredb.it.process.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The disk of the server that leads fails, under load. */
class DiskErrorsIT {
    private static final int SERVERS = 3;
    private static final Duration OPERATION_TIMEOUT = Duration.ofSeconds(10);

    @TempDir Path folder;

    private final List<DiskErrors> disks = new ArrayList<>();

    @Test
    void theServerEndsTheOthersGoOnAndNothingIsLost() throws Exception {
        DiskErrors.missing().ifPresent(Needs::missing);
        try (ReplicatedCluster cluster =
                new ReplicatedCluster(folder, Place.local(folder.resolve("pd")), places())) {
            FlareDb db = cluster.client(OPERATION_TIMEOUT);
            Load load = new Load(List.of(db, cluster.client(OPERATION_TIMEOUT)), 11);
            try (load) {
                DiskErrors syncs = failLeader(cluster, db, load, DiskErrors::failSyncs);
                assertThat(syncs.failedSyncs()).isPositive();
                assertThat(syncs.failedWrites()).isZero();

                DiskErrors writes = failLeader(cluster, db, load, DiskErrors::failWrites);
                assertThat(writes.failedWrites()).isPositive();
            }
            assertThat(load.findings().all()).as(cluster.toString()).isEmpty();
            Replicas.awaitConsistent(cluster, db, SERVERS);
        }
    }

    @Test
    void hitsOnlyFilesOfTheFolder() throws IOException {
        DiskErrors.missing().ifPresent(Needs::missing);
        DiskErrors disk = disk(0);
        Path hit = folder.resolve("server-0/file");
        disk.failWrites(DiskErrors.Refusal.NO_SPACE);

        Finished finished = write(disk, hit, folder.resolve("other"));

        assertThat(finished.stderr()).contains("No space left on device");
        assertThat(hit).hasContent("12"); // half of it
        assertThat(folder.resolve("other")).hasContent("1234");

        disk.heal();
        assertThat(write(disk, hit, folder.resolve("other")).stderr()).isEmpty();
        assertThat(hit).hasContent("1234");
    }

    private static Finished write(DiskErrors disk, Path first, Path second) {
        String commands =
                "for file in %s %s; do printf 1234 | dd status=none of=$file; done"
                        .formatted(first, second);
        return FlareProcess.start(List.of("sh", "-c", commands), disk.environment()).awaitExit();
    }

    private interface Fault {
        void strike(DiskErrors disk);
    }

    private DiskErrors failLeader(ReplicatedCluster cluster, FlareDb db, Load load, Fault fault)
            throws InterruptedException {
        Progress.awaitWrites(load, 200);
        int leader = leader(cluster, db);
        DiskErrors disk = disks.get(leader);

        fault.strike(disk);

        Finished end = cluster.awaitEnd(leader);
        assertThat(end.exitCode()).as(end.toString()).isEqualTo(1);
        assertThat(end.stderr()).containsPattern("flaredb: cannot go on: .*Input/output error");
        Progress.awaitWrites(load, 200);
        disk.heal();
        cluster.start(leader);
        Replicas.awaitConsistent(cluster, db, SERVERS);
        load.hold();
        load.check(false);
        load.release();
        assertThat(load.findings().all()).as(cluster.toString()).isEmpty();
        return disk;
    }

    private static int leader(ReplicatedCluster cluster, FlareDb db) {
        await().atMost(FlareProcess.DEADLINE)
                .until(() -> db.cluster().regions().getFirst().leaderStoreId().isPresent());
        return cluster.server(db.cluster().regions().getFirst().leaderStoreId().orElseThrow());
    }

    private List<Place> places() throws IOException {
        List<Place> places = new ArrayList<>();
        for (int i = 0; i < SERVERS; i++) {
            DiskErrors disk = disk(i);
            disks.add(disk);
            places.add(Place.local(data(i)).with(disk.environment()));
        }
        return places;
    }

    private DiskErrors disk(int server) throws IOException {
        Path control = Files.createDirectories(folder.resolve("control-" + server));
        return DiskErrors.create(control, data(server));
    }

    private Path data(int server) {
        return folder.resolve("server-" + server);
    }
}
