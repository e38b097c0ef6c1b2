package io.flaredb.server.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flaredb.proto.meta.Peer;
import io.flaredb.proto.meta.Region;
import io.flaredb.server.TestStores;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A peer votes already, and the region's descriptor does not name it yet. */
@Timeout(180)
class LaggingDescriptorTest {
    private static final Peer VOTER = Peer.newBuilder().setId(7).setStoreId(2).build();

    @TempDir Path dir;
    private final List<Peer> made = new CopyOnWriteArrayList<>();
    private final RegionChanges changes =
            new RegionChanges(
                    new OtherStores() {
                        @Override
                        public void createReplica(Region region, Peer peer) {
                            made.add(peer);
                            throw new ChangeRefusedException("not in this test", null);
                        }

                        @Override
                        public void destroyReplica(Region region, Peer peer) {}
                    },
                    () -> 8);
    private TestStores stores = new TestStores(Path.of("unused"));

    @BeforeEach
    void start() {
        stores = new TestStores(dir, 1);
        stores.start(1);
        stores.start(2);
        RegionPeer leader = stores.leader();
        leader.beginHandOver(Duration.ZERO); // nothing is proposed: neither are descriptors
        stores.node(2).createReplica(stores.clusterId(), leader.descriptor(), VOTER);
        await().atMost(TestStores.DEADLINE)
                .until(() -> isDone(leader.group().addPeer(Regions.raftPeer(VOTER))));
        assertThat(leader.descriptor().getPeersList()).doesNotContain(VOTER);
    }

    @AfterEach
    void stop() {
        stores.close();
    }

    @Test
    void itsStoreGetsNoOtherReplica() {
        RegionPeer leader = stores.leader();
        CompletableFuture<Region> adding =
                CompletableFuture.supplyAsync(() -> changes.addPeer(leader, VOTER.getStoreId()));
        leader.endHandOver();

        assertThat(adding)
                .succeedsWithin(TestStores.DEADLINE)
                .satisfies(region -> assertThat(region.getPeersList()).contains(VOTER));
        assertThat(made).isEmpty();
    }

    @Test
    void aRegionWhoseDescriptorStaysBehindIsBusy() {
        RegionPeer leader = stores.leader();
        assertThatThrownBy(() -> changes.addPeer(leader, VOTER.getStoreId()))
                .isInstanceOfSatisfying(
                        RegionException.class,
                        e -> assertThat(e.error().hasServerIsBusy()).isTrue());
        assertThat(made).isEmpty();
        leader.endHandOver();
    }

    @Test
    void itMakesNoWayForAnotherReplica() {
        RegionPeer voter = stores.node(2).regions().iterator().next();
        await().atMost(TestStores.DEADLINE)
                .until(() -> voter.group().members().voters().size() == 2);
        Region before = stores.leader().descriptor();
        Peer other = VOTER.toBuilder().setId(8).build();
        assertThatThrownBy(() -> stores.node(2).createReplica(stores.clusterId(), before, other))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has peer 7 on this store already");
        assertThatThrownBy(() -> stores.node(2).destroyReplica(stores.clusterId(), before, VOTER))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(stores.node(2).regions()).containsExactly(voter);
        stores.leader().endHandOver();
    }

    @Test
    void theRegionIsKnownAsItIsWhenThatPeerLeadsAfterARestart() throws Exception {
        stores.stop(2); // which forgets that nobody has described it as a member
        stores.start(2);
        RegionPeer old = stores.leader();
        await().atMost(TestStores.DEADLINE)
                .until(() ->
                        !old.leads()
                                || isDone(old.group().transferLeadership(Regions.raftPeer(VOTER))));

        await().atMost(TestStores.DEADLINE)
                .until(() -> stores.known().getPeersList().contains(VOTER));
        assertThat(stores.known().getEpoch().getConfVersion()).isEqualTo(2);
    }

    /** To be asked for again if not: the stores may not have found each other yet. */
    private static boolean isDone(CompletableFuture<Void> change) throws InterruptedException {
        try {
            change.get();
            return true;
        } catch (ExecutionException e) {
            return false;
        }
    }
}
