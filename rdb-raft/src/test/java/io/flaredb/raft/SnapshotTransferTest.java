package io.flaredb.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flaredb.storage.KeyValue;
import io.flaredb.storage.RaftLog;
import io.flaredb.storage.RegionTables;
import io.flaredb.storage.StorageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A replica that starts anew, and what may go wrong meanwhile. */
class SnapshotTransferTest {
    /** Larger than a block and of random letters: the tables stay as large as what is in them. */
    private static final String VALUE =
            new Random(7)
                    .ints(20_000, '0', 'z')
                    .collect(
                            StringBuilder::new,
                            StringBuilder::appendCodePoint,
                            StringBuilder::append)
                    .toString();

    @TempDir Path dir;
    private TestCluster cluster = new TestCluster(Path.of("unused"), 1);

    @AfterEach
    void stop() {
        cluster.close();
    }

    private void startThree(long sendBytesPerSecond) {
        startThree(sendBytesPerSecond, 1_000_000);
    }

    private void startThree(long sendBytesPerSecond, int snapshotAfterEntries) {
        cluster = new TestCluster(dir, snapshotAfterEntries, sendBytesPerSecond);
        cluster.startAll(TestCluster.REGION, 1, 2, 3);
    }

    private long leaderId() {
        return cluster.leader().self().storeId();
    }

    private void awaitSameContents() {
        cluster.put("last", "one");
        for (long id = 1; id <= 3; id++) {
            cluster.awaitValue(id, "last", "one");
            assertThat(cluster.contents(id)).isEqualTo(cluster.contents(1));
        }
    }

    /** One after the other and with retries: so much at once can cost a slow leader its place. */
    private void putEach(String prefix, int count) {
        for (int i = 0; i < count; i++) {
            cluster.put(prefix + i, VALUE);
        }
    }

    /** Leaves a follower behind a log that is cut. */
    private long followerLeftBehind() {
        putEach("old", 50);
        long behind = leaderId() % 3 + 1;
        cluster.awaitValue(behind, "old49", VALUE);
        cluster.stop(behind);
        putEach("new", 300);
        cluster.cutLogs();
        return behind;
    }

    @Test
    void aTransferThatIsCutShortLeavesTheReplicaAsItWas() {
        startThree(256 << 10); // some twenty seconds for what there is
        long behind = followerLeftBehind();
        TestStore store = cluster.open(behind);
        List<KeyValue> before = cluster.contents(behind);
        store.start(TestCluster.REGION, behind, Members.UNKNOWN);
        Path incoming = dir.resolve("store" + behind + "/staging/in-" + behind + "-" + behind);
        await().atMost(TestCluster.DEADLINE).until(() -> Files.exists(incoming));
        cluster.stop(leaderId());
        assertThat(cluster.contents(behind)).isEqualTo(before);
        assertThat(store.engine.replicas().isInstalling(TestCluster.REGION)).isFalse();
        assertThat(store.fatal).isEmpty();
        cluster.stop(behind);
        cluster.open(behind);
        assertThat(cluster.contents(behind)).isEqualTo(before);
    }

    @Test
    void aReplicaThatCrashedWhileInstallingFetchesItsRecordsAgain() {
        startThree(64L << 20);
        long behind = followerLeftBehind();
        TestStore broken = cluster.open(behind);
        RegionTables lost =
                new RegionTables(1, 0, List.of(dir.resolve("absent")), List.of(), List.of());
        assertThatThrownBy(() ->
                        broken.engine
                                .replicas()
                                .install(
                                        TestCluster.REGION,
                                        new PutMachine(TestCluster.REGION, broken.engine).range(),
                                        lost,
                                        0,
                                        new byte[0],
                                        () -> {}))
                .isInstanceOf(StorageException.class);
        cluster.stop(behind);
        TestStore store = cluster.open(behind);
        assertThat(store.engine.replicas().isInstalling(TestCluster.REGION)).isTrue();
        PutMachine machine = new PutMachine(TestCluster.REGION, store.engine);
        machine.lastMembers = TestCluster.members(1, 2, 3).voters();
        RaftGroup<Long> group = store.start(TestCluster.REGION, behind, Members.UNKNOWN, machine);
        assertThatThrownBy(() -> group.propose(PutMachine.put("a", "1")).join())
                .hasCauseInstanceOf(RaftFailure.class);
        awaitSameContents();
        assertThat(store.engine.replicas().isInstalling(TestCluster.REGION)).isFalse();
        assertThat(store.fatal).isEmpty();
    }

    @Test
    void aReplicaThatStopsBeforeItIsDescribedFetchesItsRecordsAndDescriptionAgain() {
        startThree(64L << 20);
        long behind = followerLeftBehind();
        TestStore broken = cluster.open(behind);
        PutMachine failing = new PutMachine(TestCluster.REGION, broken.engine);
        failing.failsWhenInstalled = true;
        broken.start(TestCluster.REGION, behind, Members.UNKNOWN, failing);
        await().atMost(TestCluster.DEADLINE).until(() -> !broken.fatal.isEmpty());
        cluster.stop(behind);

        TestStore store = cluster.open(behind);
        assertThat(store.engine.replicas().isInstalling(TestCluster.REGION)).isTrue();
        PutMachine machine = new PutMachine(TestCluster.REGION, store.engine);
        machine.lastMembers = TestCluster.members(1, 2, 3).voters();
        store.start(TestCluster.REGION, behind, Members.UNKNOWN, machine);
        awaitSameContents();
        assertThat(store.description(TestCluster.REGION)).asString().isEqualTo("described");
    }

    @Test
    void theLogIsNotCutBehindWhatAFollowerIsBeingSent() {
        int snapshotAfterEntries = 1_000;
        startThree(1 << 20, snapshotAfterEntries); // some seven seconds for what there is
        long behind = followerLeftBehind();
        cluster.open(behind).start(TestCluster.REGION, behind, Members.UNKNOWN);
        Path incoming = dir.resolve("store" + behind + "/staging/in-" + behind + "-" + behind);
        await().atMost(TestCluster.DEADLINE).until(() -> Files.exists(incoming));
        RaftLog log = cluster.store(leaderId()).engine.replicas().log(TestCluster.REGION);
        byte[] sent = log.snapshot();
        cluster.putMany("meanwhile", 5 * snapshotAfterEntries, "v");
        assertThat(log.snapshot()).isEqualTo(sent);
        assertThat(incoming).exists();
        awaitSameContents();
        cluster.putMany("after", 2 * snapshotAfterEntries, "v");
        await().atMost(TestCluster.DEADLINE).until(() -> !Arrays.equals(log.snapshot(), sent));
    }
}
