package io.flaredb.server.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flaredb.proto.meta.Peer;
import io.flaredb.proto.meta.Region;
import io.flaredb.proto.pd.ReplacePeer;
import io.flaredb.raft.GroupListener;
import io.flaredb.raft.GroupState;
import io.flaredb.raft.Members;
import io.flaredb.server.TestStores;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Of a region of three replicas the third is lost, and a new store is there. */
@Timeout(180)
class ReplacementTest {
    private static final long LOST = 3;
    private static final long NEW = 4;

    @TempDir Path dir;
    private final List<Set<Long>> voters = new CopyOnWriteArrayList<>(); // as they were, by store
    private TestStores stores = new TestStores(Path.of("unused"));
    private long nextPeerId = 50;

    @BeforeEach
    void start() {
        stores = new TestStores(dir, 1, 2, LOST);
        for (long id = 1; id <= NEW; id++) {
            stores.start(id);
        }
        stores.awaitSettled();
        stores.stop(LOST);
        stores.awaitSettled()
                .group()
                .listen(
                        new GroupListener() {
                            @Override
                            public void stateChanged(GroupState state) {}

                            @Override
                            public void membersChanged(Members members) {
                                voters.add(
                                        members.voters().stream()
                                                .map(io.flaredb.raft.Peer::storeId)
                                                .collect(Collectors.toSet()));
                            }
                        });
    }

    @AfterEach
    void stop() {
        stores.close();
    }

    /**
     * Asks the leader until it is done: it may lose its place, or not know the new store yet. As
     * the placement driver does, each time under another peer id.
     */
    private void asking(Consumer<RegionPeer> change) {
        await().atMost(TestStores.DEADLINE)
                .until(() -> {
                    try {
                        change.accept(stores.leader());
                        return true;
                    } catch (RegionException
                            | ChangeFailedException
                            | ChangeRefusedException
                            | IllegalArgumentException e) {
                        return false;
                    }
                });
    }

    private void replace() {
        asking(leader -> {
            ReplacePeer order =
                    ReplacePeer.newBuilder()
                            .setRemove(Peer.newBuilder().setId(LOST).setStoreId(LOST))
                            .setAdd(Peer.newBuilder().setId(nextPeerId++).setStoreId(NEW))
                            .build();
            changes(leader).replace(leader, order);
        });
    }

    private RegionChanges changes(RegionPeer leader) {
        return stores.node(leader.self().getStoreId()).changes();
    }

    private static Set<Long> storesOf(Region region) {
        return region.getPeersList().stream().map(Peer::getStoreId).collect(Collectors.toSet());
    }

    @Test
    void changesOneMemberAtATime() {
        replace();

        assertThat(storesOf(stores.leader().descriptor())).containsExactlyInAnyOrder(1L, 2L, NEW);
        Set<Long> last = Set.of(1L, 2L, NEW);
        await().atMost(TestStores.DEADLINE).until(() -> voters.contains(last));
        assertThat(voters.stream().distinct()).containsExactly(Set.of(1L, 2L, LOST, NEW), last);
    }

    @Test
    void isFinishedByTheNextLeaderIfItWasCutShort() {
        asking(leader -> changes(leader).addPeer(leader, NEW));
        Peer added = RegionPeer.peerOn(stores.leader().descriptor(), NEW);
        asking(leader -> changes(leader).transferLeader(leader, NEW));

        replace();

        assertThat(storesOf(stores.leader().descriptor())).containsExactlyInAnyOrder(1L, 2L, NEW);
        assertThat(stores.leader().descriptor().getPeersList()).contains(added);
    }
}
