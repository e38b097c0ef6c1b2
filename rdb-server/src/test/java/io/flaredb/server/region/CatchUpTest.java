package io.flaredb.server.region;

import static org.assertj.core.api.Assertions.assertThat;

import io.flaredb.proto.meta.Peer;
import io.flaredb.proto.meta.Region;
import io.flaredb.server.TestStores;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A new replica that does not answer the group's leader at first, while its store does. */
@Timeout(180)
class CatchUpTest {
    private static final Peer NEW = Peer.newBuilder().setId(7).setStoreId(2).build();

    @TempDir Path dir;
    private final List<Peer> asked = new CopyOnWriteArrayList<>();
    private final List<Peer> destroyed = new CopyOnWriteArrayList<>();
    private TestStores stores = new TestStores(Path.of("unused"));

    @BeforeEach
    void start() {
        stores = new TestStores(dir, 1);
        stores.start(1);
        stores.start(2);
    }

    @AfterEach
    void stop() {
        stores.close();
    }

    @Test
    void becomesAMemberOnceItAnswers() {
        OtherStores others =
                new OtherStores() {
                    @Override
                    public void createReplica(Region region, Peer peer) {
                        asked.add(peer);
                        if (asked.size() > 1) {
                            stores.node(2).createReplica(stores.clusterId(), region, peer);
                        }
                    }

                    @Override
                    public void destroyReplica(Region region, Peer gone) {
                        destroyed.add(gone);
                    }
                };
        Region now = new RegionChanges(others, NEW::getId).addPeer(stores.leader(), 2);

        assertThat(now.getPeersList()).contains(NEW);
        assertThat(asked).hasSizeGreaterThan(1).containsOnly(NEW);
        assertThat(destroyed).isEmpty();
    }
}
