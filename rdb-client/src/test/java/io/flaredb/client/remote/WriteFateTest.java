package io.flaredb.client.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flaredb.client.CasResult;
import io.flaredb.client.InvalidRequestException;
import io.flaredb.client.OutcomeUnknownException;
import io.flaredb.client.RefusedException;
import io.flaredb.client.UnavailableException;
import io.flaredb.client.remote.ScriptedStore.Step;
import io.flaredb.proto.kv.RequestId;
import io.grpc.Status;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of a write whose call fails: sent again, refused, or of unknown outcome. */
class WriteFateTest extends RemoteTest {
    @Test
    void sendsAWriteOnceTheStoreItNeverReachedIsThere() {
        storeServer.goAway();

        CompletableFuture<Void> put = db.raw().async().put(KEY, VALUE);
        await().until(() -> placement.lookups.get() >= 3); // it has tried, in vain
        assertThat(put).isNotDone();
        storeServer.comeBack();

        put.join();
        assertThat(store.raw).containsEntry(KEY, VALUE);
        assertThat(store.calls()).isEqualTo(1);
    }

    @Test
    void givesUpOnAStoreThatCannotBeReached() {
        storeServer.goAway();

        assertThatThrownBy(() -> impatient().raw().put(KEY, VALUE))
                .isInstanceOf(UnavailableException.class)
                .hasMessage(
                        "store 1 at "
                                + storeServer.address()
                                + " cannot be reached: connection refused (gave up after 1 s)");
    }

    @ParameterizedTest
    @EnumSource(
            value = Status.Code.class,
            names = {"OK", "INVALID_ARGUMENT", "FAILED_PRECONDITION", "UNIMPLEMENTED"},
            mode = EnumSource.Mode.EXCLUDE)
    void repeatsASentWriteUnderItsNumber(Status.Code code) {
        store.then(new Step.ApplyAndFail(code.toStatus().withDescription("lost")));

        assertThat(db.cas().put(KEY, 0, VALUE)).isEqualTo(new CasResult.Swapped(1));

        assertThat(store.ids).hasSize(2).containsOnly(store.ids.get(0));
    }

    @Test
    void doesNotGuessTheFateOfASentWrite() {
        store.fromNowOn(new Step.ApplyAndFail(Status.INTERNAL.withDescription("lost")));

        assertThatThrownBy(() -> impatient().raw().put(KEY, VALUE))
                .isInstanceOf(OutcomeUnknownException.class)
                .hasMessage(
                        "the write was sent and may have happened, or may still happen: store 1"
                                + " at "
                                + storeServer.address()
                                + " failed: INTERNAL: lost (gave up after 1 s)");
    }

    @Test
    void repeatsAWriteWhoseConnectionBreaks() {
        store.then(new Step.ApplyAndHang());
        CompletableFuture<CasResult> put = db.cas().async().put(KEY, 0, VALUE);
        await().until(() -> store.calls() >= 1);

        storeServer.goAway();
        storeServer.comeBack();

        assertThat(put.join()).isEqualTo(new CasResult.Swapped(1));
    }

    @Test
    void doesNotGuessTheFateOfAWriteThatIsNotAnsweredInTime() {
        store.hangFromNowOn();

        assertThatThrownBy(() -> impatient().cas().put(KEY, 0, VALUE))
                .isInstanceOf(OutcomeUnknownException.class)
                .hasMessageContaining("has not answered");
        assertThat(store.ids).extracting(RequestId::getSequence).containsOnly(1L);
    }

    @Test
    void doesNotSendAgainWhatTheStoreFoundInvalid() {
        store.then(new Step.Fail(Status.INVALID_ARGUMENT.withDescription("value is odd")));

        assertThatThrownBy(() -> db.raw().put(KEY, VALUE))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("value is odd");
        assertThat(store.calls()).isEqualTo(1);
    }

    @Test
    void saysWhyTheStoreRefused() {
        store.then(new Step.Fail(Status.FAILED_PRECONDITION.withDescription("not in the mood")));

        assertThatThrownBy(() -> db.raw().put(KEY, VALUE))
                .isInstanceOf(RefusedException.class)
                .hasMessage("store 1 at " + storeServer.address() + " refused: not in the mood");
        assertThat(store.calls()).isEqualTo(1);
    }

    @Test
    void saysThatTheOtherSideIsSomethingElse() {
        placement.everythingOn(placementServer.address()); // which serves no keys

        assertThatThrownBy(() -> db.raw().put(KEY, VALUE))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining(placementServer.address())
                .hasMessageContaining("is it another kind of server");
    }
}
