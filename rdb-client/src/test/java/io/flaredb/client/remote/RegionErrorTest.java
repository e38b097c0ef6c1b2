package io.flaredb.client.remote;

import static io.flaredb.client.remote.ScriptedPlacement.route;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flaredb.bytes.Bytes;
import io.flaredb.client.RefusedException;
import io.flaredb.client.UnavailableException;
import io.flaredb.client.remote.ScriptedStore.Step;
import io.flaredb.proto.kv.ClusterMismatch;
import io.flaredb.proto.kv.EpochNotMatch;
import io.flaredb.proto.kv.KeyNotInRegion;
import io.flaredb.proto.kv.NotLeader;
import io.flaredb.proto.kv.RegionError;
import io.flaredb.proto.kv.RegionNotFound;
import io.flaredb.proto.kv.ServerIsBusy;
import io.flaredb.proto.kv.StoreNotWritable;
import io.flaredb.proto.pd.RegionRoute;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A region error says that nothing has happened: it is heeded, and the request sent again. */
class RegionErrorTest extends RemoteTest {
    static Stream<RegionError> passing() {
        return Stream.of(
                RegionError.newBuilder().setNotLeader(NotLeader.getDefaultInstance()).build(),
                RegionError.newBuilder()
                        .setEpochNotMatch(EpochNotMatch.getDefaultInstance())
                        .build(),
                RegionError.newBuilder()
                        .setRegionNotFound(RegionNotFound.getDefaultInstance())
                        .build(),
                RegionError.newBuilder()
                        .setKeyNotInRegion(KeyNotInRegion.getDefaultInstance())
                        .build(),
                busy(1),
                RegionError.getDefaultInstance()); // of a newer server
    }

    private static RegionError busy(long backoffMs) {
        return RegionError.newBuilder()
                .setServerIsBusy(ServerIsBusy.newBuilder().setBackoffMs(backoffMs))
                .build();
    }

    @ParameterizedTest
    @MethodSource("passing")
    void sendsAWriteAgainThatWasTurnedAway(RegionError error) {
        store.then(new Step.Refuse(error), new Step.Refuse(error));

        db.raw().put(KEY, VALUE);

        assertThat(store.raw).containsEntry(KEY, VALUE);
        assertThat(store.calls()).isEqualTo(3);
    }

    @Test
    void saysThatTheRegionKeptTurningItAway() {
        impatient().raw().get(KEY); // it is connected: no attempt is slow for that
        for (int i = 0; i < 1_000; i++) {
            store.then(new Step.Refuse(busy(0)));
        }
        assertThatThrownBy(() -> db.raw().put(KEY, VALUE))
                .isInstanceOf(UnavailableException.class)
                .hasMessage("store 1 at " + storeServer.address() + " is busy (gave up after 1 s)");
    }

    @Test
    void doesNotWaitForAStoreThatAsksForMoreTimeThanThereIs() {
        store.then(new Step.Refuse(busy(60_000)));

        assertThatThrownBy(() -> db.raw().put(KEY, VALUE)).isInstanceOf(UnavailableException.class);
        assertThat(store.calls()).isEqualTo(1);
    }

    @Test
    void saysWhyAStoreDoesNotWrite() {
        store.then(
                new Step.Refuse(
                        RegionError.newBuilder()
                                .setStoreNotWritable(
                                        StoreNotWritable.newBuilder().setReason("disk full"))
                                .build()));

        assertThatThrownBy(() -> db.raw().put(KEY, VALUE))
                .isInstanceOf(RefusedException.class)
                .hasMessage("store 1 at " + storeServer.address() + " refuses writes: disk full");
    }

    @Test
    void saysThatAStoreBelongsToAnotherCluster() {
        store.then(
                new Step.Refuse(
                        RegionError.newBuilder()
                                .setClusterMismatch(ClusterMismatch.newBuilder().setClusterId(5))
                                .build()));

        assertThatThrownBy(() -> db.raw().get(KEY))
                .isInstanceOf(RefusedException.class)
                .hasMessage(
                        "store 1 at "
                                + storeServer.address()
                                + " belongs to cluster 5: this client works with cluster 77");
    }

    @Test
    void takesOverTheRegionsThatAnEpochErrorTellsOf() {
        db.raw().put(KEY, VALUE);
        int lookups = placement.lookups.get();
        List<RegionRoute> split =
                List.of(
                        route(1, "", "m", 2, 1, storeServer.address()),
                        route(2, "m", "", 2, 1, storeServer.address()));
        store.then(
                new Step.Refuse(
                        RegionError.newBuilder()
                                .setEpochNotMatch(
                                        EpochNotMatch.newBuilder()
                                                .addCurrentRegions(split.get(0).getRegion())
                                                .addCurrentRegions(split.get(1).getRegion()))
                                .build()));

        db.raw().put(Bytes.utf8("a"), VALUE);
        db.raw().put(Bytes.utf8("z"), VALUE);

        assertThat(store.contexts.get(2).getRegionId()).isEqualTo(1);
        assertThat(store.contexts.get(2).getRegionEpoch().getVersion()).isEqualTo(2);
        assertThat(store.contexts.get(3).getRegionId()).isEqualTo(2);
        assertThat(placement.lookups).hasValue(lookups);
    }

    @Test
    void followsTheLeader() {
        ScriptedStore leader = new ScriptedStore();
        try (ScriptedServer leaderServer = ScriptedServer.start(leader)) {
            RegionRoute led = route(1, "", "", 1, 2, leaderServer.address());
            RegionRoute mistaken =
                    route(1, "", "", 1, 1, storeServer.address()).toBuilder()
                            .addStores(led.getStores(0))
                            .build();
            placement.routes = List.of(mistaken);
            store.then(
                    new Step.Refuse(
                            RegionError.newBuilder()
                                    .setNotLeader(NotLeader.newBuilder().setLeader(led.getLeader()))
                                    .build()));

            db.raw().put(KEY, VALUE);
            db.raw().put(KEY, VALUE);

            assertThat(store.calls()).isEqualTo(1);
            assertThat(leader.calls()).isEqualTo(2);
            assertThat(placement.lookups).hasValue(1);
        }
    }

    @Test
    void sendsClusterRegionAndEpochAlong() {
        db.raw().put(KEY, VALUE);

        assertThat(store.contexts.get(0).getClusterId()).isEqualTo(77);
        assertThat(store.contexts.get(0).getRegionId()).isEqualTo(1);
        assertThat(store.contexts.get(0).getRegionEpoch().getVersion()).isEqualTo(1);
    }
}
