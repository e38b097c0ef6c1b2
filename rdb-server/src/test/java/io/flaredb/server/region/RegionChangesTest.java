package io.flaredb.server.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flaredb.proto.meta.Peer;
import io.flaredb.proto.meta.Region;
import io.flaredb.server.FakePlacement;
import io.flaredb.server.StoreNode;
import io.flaredb.server.StoreOptions;
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

/** What becomes of a new replica whose store never answers the group's leader. */
@Timeout(120)
class RegionChangesTest {
    private static final long SILENT_STORE = 99;
    private static final Peer NEW = Peer.newBuilder().setId(77).setStoreId(SILENT_STORE).build();

    @TempDir Path dataDir;
    private final List<Peer> made = new CopyOnWriteArrayList<>();
    private final List<Peer> destroyed = new CopyOnWriteArrayList<>();
    private final OtherStores others =
            new OtherStores() {
                @Override
                public void createReplica(Region region, Peer peer) {
                    made.add(peer);
                }

                @Override
                public void destroyReplica(Region region, Peer peer) {
                    destroyed.add(peer);
                }
            };
    private final RegionChanges changes = new RegionChanges(others, NEW::getId);
    private StoreNode node;
    private RegionPeer region;

    @BeforeEach
    void start() {
        node = StoreNode.open(dataDir, StoreOptions.defaults(), failure -> {});
        node.join(new FakePlacement(), "127.0.0.1:1");
        node.start();
        assertThat(node.awaitLeaders(Duration.ofSeconds(30))).isTrue();
        region = node.regions().iterator().next();
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void isRemovedIfItDidNotCatchUp() {
        assertThatThrownBy(() -> changes.addPeer(region, SILENT_STORE))
                .isInstanceOf(ChangeFailedException.class);
        assertThat(made).containsOnly(NEW); // asked again whether the store answers
        assertThat(destroyed).containsExactly(NEW);
    }

    @Test
    void staysIfTheLeaderDoesNotKnowHowTheChangeEnded() {
        CompletableFuture<Region> adding =
                CompletableFuture.supplyAsync(() -> changes.addPeer(region, SILENT_STORE));
        await().atMost(Duration.ofSeconds(30)).until(() -> !made.isEmpty());
        node.close();

        assertThat(adding)
                .failsWithin(Duration.ofSeconds(60))
                .withThrowableOfType(ExecutionException.class);
        assertThat(destroyed).isEmpty();
    }
}
