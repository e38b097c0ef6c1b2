package io.flaredb.client.remote;

import io.flaredb.proto.kv.NotLeader;
import io.flaredb.proto.kv.RegionError;
import io.flaredb.proto.meta.Peer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** As {@link RemoteTest}, with three replicas of the one region; store 1 leads it. */
abstract class ReplicatedTest extends RemoteTest {
    final ScriptedStore second = new ScriptedStore(store);
    final ScriptedStore third = new ScriptedStore(store);
    final ScriptedRegions firstRegions = new ScriptedRegions();
    final ScriptedRegions secondRegions = new ScriptedRegions();
    final ScriptedRegions thirdRegions = new ScriptedRegions();
    ScriptedServer secondServer;
    ScriptedServer thirdServer;

    @BeforeEach
    void replicate() {
        storeServer.close();
        storeServer = ScriptedServer.start(store, firstRegions);
        secondServer = ScriptedServer.start(second, secondRegions);
        thirdServer = ScriptedServer.start(third, thirdRegions);
        placementSays(1);
        second.refuseFromNowOn(notLeader(1));
        third.refuseFromNowOn(notLeader(1));
    }

    @AfterEach
    void stopReplicas() {
        secondServer.close();
        thirdServer.close();
    }

    void placementSays(long leader) {
        placement.routes = List.of(ScriptedPlacement.replicated(1, leader, addresses()));
    }

    String[] addresses() {
        return new String[] {storeServer.address(), secondServer.address(), thirdServer.address()};
    }

    /**
     * @param leader 0: none is known
     */
    static RegionError notLeader(long leader) {
        NotLeader.Builder error = NotLeader.newBuilder().setRegionId(1);
        if (leader != 0) {
            error.setLeader(Peer.newBuilder().setId(100 + leader).setStoreId(leader));
        }
        return RegionError.newBuilder().setNotLeader(error).build();
    }
}
