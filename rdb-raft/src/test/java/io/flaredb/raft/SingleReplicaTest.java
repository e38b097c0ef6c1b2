package io.flaredb.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flaredb.storage.RaftLog;
import java.nio.file.Path;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SingleReplicaTest {
    @TempDir Path dir;
    private TestCluster cluster;

    @BeforeEach
    void start() {
        cluster = new TestCluster(dir, 1_000_000);
        cluster.startAll(TestCluster.REGION, 1);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private void restart() {
        cluster.stop(1);
        cluster.startAll(TestCluster.REGION, 1);
    }

    private RaftLog log() {
        return cluster.store(1).engine.replicas().log(TestCluster.REGION);
    }

    @Test
    void leadsItselfAndAppliesWhatIsProposed() {
        RaftGroup<Long> group = cluster.leader();
        long first = group.propose(PutMachine.put("a", "1")).join();
        long second = group.propose(PutMachine.put("a", "2")).join();
        assertThat(second).isEqualTo(first + 1);
        assertThat(cluster.get(1, "a")).isEqualTo("2");
        assertThat(group.state().leader()).isEqualTo(TestCluster.peer(1));
    }

    @Test
    void readsWithAndWithoutAsking() {
        long index = cluster.leader().propose(PutMachine.put("a", "1")).join();
        for (RaftGroup.Consistency how : RaftGroup.Consistency.values()) {
            assertThat(cluster.leader().readIndex(how).join()).isGreaterThanOrEqualTo(index);
        }
    }

    @Test
    void isCurrentAsLongAsItLeads() {
        RaftGroup<Long> group = cluster.leader();
        assertThat(group.isCurrent()).isTrue();
        restart();
        assertThat(group.isCurrent()).isFalse();
        assertThat(cluster.leader().isCurrent()).isTrue();
    }

    @Test
    void keepsEverythingOverARestart() {
        cluster.putMany("k", 500, "v");
        long term = cluster.leader().state().term();
        restart();
        assertThat(cluster.leader().state().term()).isGreaterThan(term);
        cluster.put("after", "1");
        assertThat(cluster.contents(1)).hasSize(501);
    }

    @Test
    void cutsTheLogBehindTheSnapshotBeforeTheLast() {
        cluster.putMany("a", 200, "v");
        cluster.leader().snapshot().join();
        cluster.putMany("b", 200, "v");
        cluster.leader().snapshot().join();
        await().atMost(TestCluster.DEADLINE).until(() -> log().firstIndex() > 200);
        assertThat(log().firstIndex())
                .isLessThanOrEqualTo(
                        cluster.store(1).engine.replicas().flushedIndex(TestCluster.REGION) + 1);
        restart();
        cluster.put("after", "1");
        assertThat(cluster.contents(1)).hasSize(401);
    }

    @Test
    void aStateMachineThatThrowsIsFatal() {
        RaftGroup<Long> group = cluster.leader();
        assertThatThrownBy(() -> group.propose(PutMachine.put("fail", "on purpose")).join())
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(OutcomeUnknownException.class);
        await().atMost(TestCluster.DEADLINE).until(() -> !cluster.store(1).fatal.isEmpty());
        assertThatThrownBy(() -> group.propose(PutMachine.put("a", "1")).join())
                .hasCauseInstanceOf(ClosedException.class);
    }

    @Test
    void refusesEverythingOnceItIsClosed() {
        RaftGroup<Long> group = cluster.leader();
        group.close();
        assertThatThrownBy(() -> group.propose(PutMachine.put("a", "1")).join())
                .hasCauseInstanceOf(ClosedException.class);
        assertThatThrownBy(() -> group.readIndex(RaftGroup.Consistency.READ_INDEX).join())
                .hasCauseInstanceOf(ClosedException.class);
        assertThat(cluster.store(1).fatal).isEmpty();
    }
}
