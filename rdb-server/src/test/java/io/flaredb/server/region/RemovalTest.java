package io.flaredb.server.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flaredb.bytes.Bytes;
import io.flaredb.proto.meta.Region;
import io.flaredb.server.StoreNode;
import io.flaredb.server.TestStores;
import io.flaredb.storage.Command;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What may be taken from a region of three replicas, one of which is down. */
@Timeout(180)
class RemovalTest {
    @TempDir Path dir;
    private TestStores stores = new TestStores(Path.of("unused"));
    private RegionPeer leader = unknown();
    private long up;

    @SuppressWarnings("NullAway") // set before each test
    private static RegionPeer unknown() {
        return null;
    }

    @BeforeEach
    void start() {
        stores = new TestStores(dir, 1, 2, 3);
        for (long id = 1; id <= 3; id++) {
            stores.start(id);
        }
        stores.awaitSettled();
        stores.stop(3);
        leader = stores.awaitSettled();
        up = 3 - leader.self().getStoreId();
        await().atMost(TestStores.DEADLINE)
                .until(() -> leader.group().aliveVoters().join().size() == 2);
    }

    @AfterEach
    void stop() {
        stores.close();
    }

    private StoreNode node() {
        return stores.node(leader.self().getStoreId());
    }

    /** Again and again until one is done: on a busy machine a leader may lose its place. */
    private void assertTakesWrites() {
        Command put = new Command.RawPut(Bytes.utf8("k"), Bytes.utf8("v"));
        await().atMost(TestStores.DEADLINE)
                .until(() -> {
                    RegionPeer leading = stores.leader();
                    return !stores.node(leading.self().getStoreId())
                            .propose(leading, put)
                            .handle((outcome, failure) -> failure != null)
                            .join();
                });
    }

    @Test
    void keepsTheReplicasItsMajorityNeeds() {
        assertThatThrownBy(() -> node().changes().removePeer(leader, up))
                .isInstanceOf(ChangeRefusedException.class)
                .hasMessage(
                        "region 1 would have no majority without its replica on store %d, as these"
                                + " stores do not answer: 3. Remove the replicas there first, or"
                                + " wait until they answer",
                        up);
        assertTakesWrites();
    }

    @Test
    void keepsItsLeaderWhereNobodyElseCouldLead() {
        long self = leader.self().getStoreId();
        assertThatThrownBy(() -> node().changes().removePeer(leader, self))
                .isInstanceOf(ChangeRefusedException.class)
                .hasMessageContaining("do not answer: 3");
        assertThat(leader.leads()).isTrue();
        assertTakesWrites();
    }

    @Test
    void losesTheOneThatIsDownAndThenAnother() {
        Region without = node().changes().removePeer(leader, 3);
        assertThat(without.getPeersList()).hasSize(2);
        assertTakesWrites();
        assertThat(node().changes().removePeer(leader, up).getPeersList())
                .containsExactly(leader.self());
        assertTakesWrites();
        await().atMost(Duration.ofSeconds(30)).until(() -> stores.node(up).regions().isEmpty());
    }
}
