package io.flaredb.client.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flaredb.bytes.Bytes;
import io.flaredb.client.UnavailableException;
import io.flaredb.client.remote.ScriptedStore.Step;
import io.flaredb.proto.kv.RegionContext;
import io.flaredb.proto.kv.RegionError;
import io.flaredb.proto.kv.RegionNotFound;
import io.flaredb.proto.pd.RegionRoute;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * One server dies, hangs or hands its leadership over, and the client goes on without a restart.
 */
class LeaderChangeTest extends ReplicatedTest {
    /** Afterwards no call is sent to it, as it could be to one whose death is not noticed yet. */
    private void killTheLeader() {
        db.close();
        storeServer.goAway();
        db = connect(PATIENT);
    }

    private void leadsNow(ScriptedStore leader) {
        leader.refuseFromNowOn(null);
    }

    @Test
    void findsTheNextLeaderWithoutThePlacementDriver() {
        db.raw().put(KEY, VALUE);
        placementServer.goAway();
        storeServer.goAway();
        second.refuseFromNowOn(notLeader(0));
        leadsNow(third);

        assertThat(db.raw().get(KEY)).contains(VALUE);
        db.raw().put(KEY, Bytes.utf8("w"));

        assertThat(third.calls()).isEqualTo(2);
    }

    @Test
    void waitsForAnElection() {
        killTheLeader();
        second.refuseFromNowOn(notLeader(0));
        third.refuseFromNowOn(notLeader(0));

        CompletableFuture<Void> put = db.raw().async().put(KEY, Bytes.utf8("w"));
        await().until(() -> second.calls() > 1 && third.calls() > 1);
        assertThat(put).isNotDone();
        leadsNow(second);

        put.join();
        assertThat(store.raw).containsEntry(KEY, Bytes.utf8("w"));
    }

    @Test
    void isNotHeldUpByThoseWhoStillNameTheDeadLeader() {
        killTheLeader(); // and the placement driver and the second store name it for ever
        leadsNow(third);

        db.raw().put(KEY, VALUE);
        int misled = second.calls();
        for (int i = 0; i < 20; i++) {
            db.raw().put(KEY, VALUE);
        }

        assertThat(third.calls()).isEqualTo(21);
        assertThat(second.calls()).isEqualTo(misled);
    }

    @Test
    void goesWhereTheFormerLeaderSends() {
        db.raw().put(KEY, VALUE);
        placementServer.goAway();
        store.refuseFromNowOn(notLeader(2));
        leadsNow(second);

        db.raw().put(KEY, VALUE);
        db.raw().put(KEY, VALUE);

        assertThat(store.calls()).isEqualTo(2);
        assertThat(second.calls()).isEqualTo(2);
        assertThat(third.calls()).isZero();
    }

    @Test
    void survivesTwoStoresThatTakeEachOtherForTheLeader() {
        store.refuseFromNowOn(notLeader(2));
        second.refuseFromNowOn(notLeader(1));

        CompletableFuture<Void> put = db.raw().async().put(KEY, VALUE);
        await().until(() -> second.calls() > 5);
        leadsNow(store);

        put.join();
    }

    @Test
    void readsElsewhereWhenTheLeaderHangs() {
        db.raw().put(KEY, VALUE);
        placementServer.goAway();
        store.hangFromNowOn();
        leadsNow(second);

        assertThat(db.raw().get(KEY)).contains(VALUE);
        db.raw().put(KEY, VALUE); // to the new leader straight away

        assertThat(store.calls()).isEqualTo(2);
    }

    @Test
    void comesBackWithinItsTimeoutToALeaderThatStalled() {
        impatient().raw().put(KEY, VALUE);
        store.then(new Step.ApplyAndHang());

        assertThat(db.raw().get(KEY)).contains(VALUE);
        store.then(new Step.ApplyAndHang());
        db.raw().put(KEY, VALUE);
    }

    @Test
    void writesElsewhereOnceOneWriteIsNotAnswered() {
        store.hangFromNowOn();
        leadsNow(second);
        List<CompletableFuture<Void>> puts = new ArrayList<>();

        await().until(() -> {
            puts.add(db.raw().async().put(KEY, VALUE));
            return second.calls() > 0;
        });

        puts.forEach(CompletableFuture::join); // those that were sent too, under their numbers
    }

    @Test
    void aWriteThatGetsNoConnectionGoesElsewhere() throws Exception {
        // Accepted by the kernel, and answered by nobody: as of a process that was stopped.
        try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            String[] addresses = addresses();
            addresses[0] = "127.0.0.1:" + mute.getLocalPort();
            placement.routes = List.of(ScriptedPlacement.replicated(1, 1, addresses));
            leadsNow(second);

            db.raw().put(KEY, VALUE);

            assertThat(second.calls()).isEqualTo(1);
        }
    }

    @Test
    void saysThatTheRegionHasNoLeader() {
        impatient().raw().put(KEY, VALUE);
        storeServer.goAway();
        secondServer.goAway();
        third.refuseFromNowOn(notLeader(0));

        for (Runnable operation :
                List.<Runnable>of(() -> db.raw().get(KEY), () -> db.raw().put(KEY, VALUE))) {
            assertThatThrownBy(operation::run)
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageStartingWith("no leader of region 1 answers: store ")
                    .hasMessageContaining(
                            "store 1 at "
                                    + storeServer.address()
                                    + " cannot be reached: connection refused")
                    .hasMessageContaining(
                            "store 2 at "
                                    + secondServer.address()
                                    + " cannot be reached: connection refused")
                    .hasMessageContaining(
                            "store 3 at "
                                    + thirdServer.address()
                                    + " does not lead region 1 and knows of no leader")
                    .hasMessageEndingWith(" (gave up after 1 s)");
        }
    }

    @Test
    void goesOnOnceTheLeaderIsBack() {
        killTheLeader();

        CompletableFuture<Void> put = db.raw().async().put(KEY, Bytes.utf8("w"));
        await().until(() -> second.calls() + third.calls() > 5);
        storeServer.comeBack();

        put.join();
        assertThat(db.raw().get(KEY)).contains(Bytes.utf8("w"));
    }

    @Test
    void asksAnotherReplicaWhereOneHoldsTheRegionNoMore() {
        db.raw().put(KEY, VALUE);
        placementServer.goAway();
        store.refuseFromNowOn(
                RegionError.newBuilder()
                        .setRegionNotFound(RegionNotFound.getDefaultInstance())
                        .build());
        leadsNow(third);

        db.raw().put(KEY, VALUE);

        assertThat(third.calls()).isEqualTo(1);
    }

    @Test
    void worksWithTheOtherStoresWhereOneHasAnAddressThatCannotBeReached() {
        String[] addresses = addresses();
        addresses[0] = "with_underscore:20160";
        placement.routes = List.of(ScriptedPlacement.replicated(1, 1, addresses));
        leadsNow(third);

        db.raw().put(KEY, VALUE);

        assertThat(third.calls()).isEqualTo(1);
    }

    @Test
    void saysWhatIsWrongWithTheOnlyAddressThereIs() {
        placement.everythingOn("with_underscore:20160");

        assertThatThrownBy(() -> impatient().raw().get(KEY))
                .isInstanceOf(UnavailableException.class)
                .hasMessage(
                        "placement driver at "
                                + placementServer.address()
                                + " tells of store 1: address \"with_underscore:20160\":"
                                + " \"with_underscore\" is neither an IP address nor a name of"
                                + " letters, digits, hyphens and dots (gave up after 1 s)");
    }

    @Test
    void goesOnAskingAStoreAboutTheRegionsItHolds() {
        RegionRoute all = ScriptedPlacement.replicated(1, 1, addresses());
        RegionRoute.Builder upToM = all.toBuilder();
        upToM.getRegionBuilder().setEndKey(Wire.of(Bytes.utf8("m")));
        RegionRoute.Builder fromM = all.toBuilder();
        fromM.getRegionBuilder().setId(2).setStartKey(Wire.of(Bytes.utf8("m")));
        placement.routes = List.of(upToM.build(), fromM.build());
        db.raw().get(Bytes.utf8("a"));
        db.raw().get(Bytes.utf8("z"));
        placementServer.goAway();
        store.then(
                new Step.Refuse(
                        RegionError.newBuilder()
                                .setRegionNotFound(RegionNotFound.getDefaultInstance())
                                .build()));
        leadsNow(second);

        db.raw().put(Bytes.utf8("a"), VALUE);
        db.raw().get(Bytes.utf8("z"));

        assertThat(second.contexts).extracting(RegionContext::getRegionId).containsExactly(1L);
    }

    @Test
    void readsABatchElsewhereWhenTheLeaderDies() {
        db.raw().put(KEY, VALUE);
        store.then(new Step.ApplyAndHang());
        CompletableFuture<?> get = db.raw().async().batchGet(List.of(KEY));
        await().until(() -> store.calls() == 2);
        leadsNow(second);
        storeServer.goAway();

        assertThat(get.join()).isEqualTo(Map.of(KEY, VALUE));
    }
}
