package io.flaredb.client.remote;

import static org.assertj.core.api.Assertions.assertThat;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import io.flaredb.client.KeyValue;
import io.flaredb.client.RawKv;
import io.flaredb.client.VersionedValue;
import io.flaredb.client.remote.ScriptedStore.Step;
import io.flaredb.proto.kv.EpochNotMatch;
import io.flaredb.proto.kv.KeyNotInRegion;
import io.flaredb.proto.kv.RegionContext;
import io.flaredb.proto.kv.RegionError;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Reads that any replica may answer. */
class StaleReadTest extends ReplicatedTest {
    @BeforeEach
    void answerReads() {
        second.refuseFromNowOn(null);
        third.refuseFromNowOn(null);
    }

    @Test
    void spreadsReadsOverTheReplicas() {
        db.raw().put(KEY, VALUE);

        for (int i = 0; i < 3; i++) {
            assertThat(db.raw().stale().get(KEY)).contains(VALUE);
            assertThat(db.raw().stale().async().get(KEY).join()).contains(VALUE);
            assertThat(db.raw().stale().batchGet(List.of(KEY))).containsEntry(KEY, VALUE);
            assertThat(db.raw().stale().scan(KeyRange.ALL))
                    .containsExactly(new KeyValue(KEY, VALUE));
        }

        assertThat(List.of(store.calls() - 1, second.calls(), third.calls())).containsOnly(4);
        assertThat(second.contexts).allMatch(RegionContext::getStaleRead);
    }

    @Test
    void writesThroughTheLeader() {
        RawKv stale = db.raw().stale();
        stale.put(KEY, VALUE);
        var counter = db.cas().stale().update(KEY, value -> Bytes.utf8("1"));

        assertThat(stale.stale()).isSameAs(stale);
        assertThat(counter).isEqualTo(new VersionedValue(1, Bytes.utf8("1")));
        assertThat(store.raw).containsEntry(KEY, VALUE);
        assertThat(store.contexts.get(0).getStaleRead()).isFalse();
        assertThat(second.calls() + third.calls()).isLessThanOrEqualTo(1); // read by the update
    }

    @Test
    void goesOnWithOneReplicaLeft() {
        db.raw().put(KEY, VALUE);
        placementServer.goAway();
        storeServer.goAway();
        thirdServer.goAway();

        for (int i = 0; i < 5; i++) {
            assertThat(db.raw().stale().get(KEY)).contains(VALUE);
        }
    }

    @Test
    void doesNotUnlearnFromAReplicaThatIsBehind() {
        placement.routes = List.of(ScriptedPlacement.replicated(2, 1, addresses()));
        db.raw().put(KEY, VALUE);
        var older = ScriptedPlacement.replicated(1, 1, addresses()).getRegion();
        Step behind =
                new Step.Refuse(
                        RegionError.newBuilder()
                                .setEpochNotMatch(
                                        EpochNotMatch.newBuilder().addCurrentRegions(older))
                                .build());
        second.then(behind);
        third.then(behind);

        for (int i = 0; i < 3; i++) {
            assertThat(db.raw().stale().get(KEY)).contains(VALUE);
        }
        db.raw().put(KEY, VALUE);

        assertThat(store.contexts).allMatch(context -> context.getRegionEpoch().getVersion() == 2);
        assertThat(store.contexts.get(store.calls() - 1).getStaleRead()).isFalse();
    }

    @Test
    void doesNotReadWhereAStoreServedWhoseAddressIsAnothersNow() {
        db.raw().put(KEY, VALUE);
        placement.routes =
                List.of(
                        ScriptedPlacement.replicated(
                                1, 2, "", secondServer.address(), thirdServer.address()));
        store.then(
                new Step.Refuse(
                        RegionError.newBuilder()
                                .setKeyNotInRegion(KeyNotInRegion.getDefaultInstance())
                                .build()));
        db.raw().put(KEY, VALUE); // the client has to look the region up
        int before = store.calls();

        for (int i = 0; i < 6; i++) {
            assertThat(db.raw().stale().get(KEY)).contains(VALUE);
        }

        assertThat(store.calls()).isEqualTo(before);
    }
}
