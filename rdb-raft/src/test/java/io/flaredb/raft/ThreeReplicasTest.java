package io.flaredb.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flaredb.storage.HardState;
import io.flaredb.storage.RegionId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ThreeReplicasTest {
    @TempDir Path dir;
    private TestCluster cluster;

    @BeforeEach
    void start() {
        cluster = new TestCluster(dir, 1_000_000);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private void startThree() {
        cluster.startAll(TestCluster.REGION, 1, 2, 3);
    }

    private long followerId() {
        long leader = cluster.leader().self().storeId();
        return leader == 1 ? 2 : 1;
    }

    private void restart(long id) {
        cluster.stop(id);
        cluster.open(id).start(TestCluster.REGION, id, Members.UNKNOWN);
    }

    private void awaitSameContents(long... ids) {
        cluster.put("last", "one");
        for (long id : ids) {
            cluster.awaitValue(id, "last", "one");
        }
        for (long id : ids) {
            assertThat(cluster.contents(id)).isEqualTo(cluster.contents(ids[0]));
        }
    }

    @Test
    void allHoldWhatIsProposedAndOnlyTheLeaderTakesProposals() {
        startThree();
        cluster.put("a", "1");
        for (long id = 1; id <= 3; id++) {
            cluster.awaitValue(id, "a", "1");
        }
        RaftGroup<Long> follower = cluster.group(followerId());
        await().atMost(TestCluster.DEADLINE).until(() -> follower.state().leader() != null);
        assertThatThrownBy(() -> follower.propose(PutMachine.put("b", "1")).join())
                .hasCauseInstanceOf(NotLeaderException.class)
                .hasMessageContaining("the leader is " + cluster.leader().self());
    }

    @Test
    void aFollowerReadsWhatTheLeaderHasAnswered() {
        startThree();
        RaftGroup<Long> follower = cluster.group(followerId());
        await().atMost(TestCluster.DEADLINE).until(() -> follower.state().leader() != null);
        for (int i = 0; i < 20; i++) {
            cluster.put("a", "" + i);
            follower.readIndex(RaftGroup.Consistency.READ_INDEX).join();
            assertThat(cluster.get(follower.self().storeId(), "a")).isEqualTo("" + i);
        }
    }

    @Test
    void votesAndTermsAreOnDisk() {
        startThree();
        cluster.put("a", "1");
        RaftGroup<Long> leader = cluster.leader();
        int votes = 0;
        for (TestStore store : cluster.stores.values()) {
            HardState saved = store.engine.replicas().log(TestCluster.REGION).hardState();
            if (saved.term() == leader.state().term()
                    && saved.vote().equals(leader.self() + ":0")) {
                votes++;
            }
        }
        assertThat(votes).isGreaterThanOrEqualTo(2);
    }

    @Test
    void goesOnWithoutItsLeaderAndTakesItBack() {
        startThree();
        cluster.putMany("before", 300, "v");
        long lost = cluster.leader().self().storeId();
        cluster.stop(lost);
        cluster.put("meanwhile", "1");
        cluster.open(lost).start(TestCluster.REGION, lost, Members.UNKNOWN);
        cluster.awaitValue(lost, "meanwhile", "1");
        awaitSameContents(1, 2, 3);
    }

    @Test
    void losesNothingWhenAllStop() {
        startThree();
        cluster.putMany("k", 300, "v");
        for (long id = 1; id <= 3; id++) {
            cluster.stop(id);
        }
        startThree();
        awaitSameContents(1, 2, 3);
        assertThat(cluster.contents(1)).hasSize(301);
    }

    @Test
    void neitherWritesNorReadsWithoutAMajority() {
        startThree();
        cluster.put("a", "1");
        RaftGroup<Long> leader = cluster.leader();
        for (long id = 1; id <= 3; id++) {
            if (id != leader.self().storeId()) {
                cluster.stop(id);
            }
        }
        assertThatThrownBy(() -> leader.readIndex(RaftGroup.Consistency.READ_INDEX).join())
                .hasCauseInstanceOf(RaftFailure.class);
        await().atMost(TestCluster.DEADLINE)
                .until(() -> leader.state().role() == GroupState.Role.FOLLOWER);
        assertThatThrownBy(() -> leader.propose(PutMachine.put("a", "2")).join())
                .hasCauseInstanceOf(NotLeaderException.class);
        long back = leader.self().storeId() == 1 ? 2 : 1;
        cluster.open(back).start(TestCluster.REGION, back, Members.UNKNOWN);
        cluster.put("a", "3");
    }

    @Test
    void handsLeadershipOver() {
        startThree();
        cluster.put("a", "1");
        for (int i = 0; i < 3; i++) {
            RaftGroup<Long> from = cluster.leader();
            Peer to = TestCluster.peer(from.self().storeId() % 3 + 1);
            from.transferLeadership(to).join();
            await().atMost(TestCluster.DEADLINE).until(() -> cluster.leader().self().equals(to));
            cluster.put("a", "" + i);
        }
        RaftGroup<Long> follower = cluster.group(followerId());
        assertThatThrownBy(() -> follower.transferLeadership(TestCluster.peer(3)).join())
                .hasCauseInstanceOf(NotLeaderException.class);
    }

    @Test
    void aClosingLeaderHandsOverFirst() {
        startThree();
        cluster.put("a", "1");
        RaftGroup<Long> old = cluster.leader();
        long term = old.state().term();
        cluster.stop(old.self().storeId());
        cluster.put("a", "2");
        // One that had to wait for the election timeout might need more than one term.
        assertThat(cluster.leader().state().term()).isEqualTo(term + 1);
    }

    @Test
    void replacesAMemberUnderLoad() throws Exception {
        startThree();
        cluster.open(4).start(TestCluster.REGION, 4, Members.UNKNOWN);
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger written = new AtomicInteger();
        Thread load =
                Thread.ofPlatform()
                        .start(() -> {
                            while (!stop.get()) {
                                int n = written.get();
                                cluster.put("k" + n, "v" + n);
                                written.incrementAndGet();
                            }
                        });
        await().atMost(TestCluster.DEADLINE).until(() -> written.get() > 50);
        changing(leader -> leader.addPeer(TestCluster.peer(4)));
        long removed = followerId();
        changing(leader -> leader.removePeer(TestCluster.peer(removed)));
        int soFar = written.get();
        await().atMost(TestCluster.DEADLINE).until(() -> written.get() > soFar + 50);
        stop.set(true);
        load.join();
        cluster.stop(removed);
        Members now = cluster.leader().members();
        assertThat(now.voters()).hasSize(3).contains(TestCluster.peer(4));
        long[] ids = now.voters().stream().mapToLong(Peer::storeId).sorted().toArray();
        awaitSameContents(ids);
        assertThat(cluster.contents(4)).hasSize(written.get() + 1);
    }

    private interface Change {
        CompletableFuture<Void> by(RaftGroup<Long> leader);
    }

    /** Asks until it is done: another change, or a change of leaders, may be in the way. */
    private void changing(Change change) {
        await().atMost(TestCluster.DEADLINE)
                .until(() -> {
                    try {
                        change.by(cluster.leader()).join();
                        return true;
                    } catch (CompletionException e) {
                        if (e.getCause() instanceof RaftFailure) {
                            return false;
                        }
                        throw e;
                    }
                });
    }

    @Test
    void aLearnerHoldsEverythingAndCountsForNothing() {
        startThree();
        cluster.put("a", "1");
        cluster.open(4).start(TestCluster.REGION, 4, Members.UNKNOWN);
        changing(leader -> leader.addLearner(TestCluster.peer(4)));
        cluster.awaitValue(4, "a", "1");
        assertThat(cluster.group(4).state().role()).isEqualTo(GroupState.Role.FOLLOWER);
    }

    @Test
    void severalRegionsShareTheirStores() {
        List<RegionId> regions = new ArrayList<>();
        for (int i = 1; i <= 8; i++) {
            regions.add(new RegionId(i));
            cluster.startAll(new RegionId(i), 1, 2, 3);
        }
        for (int n = 0; n < 20; n++) {
            for (RegionId region : regions) {
                cluster.put(region, "k" + n, "v" + n);
            }
        }
        for (RegionId region : regions) {
            for (long id = 1; id <= 3; id++) {
                long store = id;
                await().atMost(TestCluster.DEADLINE)
                        .until(() -> "v19".equals(cluster.get(store, region, "k19")));
            }
        }
    }

    @Test
    void aFollowerThatMissedACutLogGetsTheRecords() {
        startThree();
        cluster.putMany("old", 200, "v");
        long behind = followerId();
        cluster.stop(behind);
        cluster.putMany("new", 300, "w");
        cluster.cutLogs();
        cluster.open(behind).start(TestCluster.REGION, behind, Members.UNKNOWN);
        awaitSameContents(1, 2, 3);
        byte[] described = "described".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        await().atMost(TestCluster.DEADLINE) // it is told after the records can be seen
                .untilAsserted(() ->
                        assertThat(cluster.store(behind).description(TestCluster.REGION))
                                .isEqualTo(described));
        restart(behind);
        awaitSameContents(1, 2, 3);
    }

    @Test
    void aNewMemberGetsTheRecords() {
        startThree();
        cluster.putMany("k", 300, "v");
        cluster.cutLogs();
        cluster.open(4).start(TestCluster.REGION, 4, Members.UNKNOWN);
        changing(leader -> leader.addPeer(TestCluster.peer(4)));
        awaitSameContents(1, 2, 3, 4);
        restart(4);
        awaitSameContents(1, 2, 3, 4);
    }
}
