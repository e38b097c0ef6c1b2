package io.flaredb.client.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flaredb.client.InvalidRequestException;
import io.flaredb.client.OutcomeUnknownException;
import io.flaredb.client.RefusedException;
import io.flaredb.client.UnavailableException;
import io.flaredb.client.remote.ScriptedStore.Step;
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
    void doesNotGuessTheFateOfASentWrite(Status.Code code) {
        store.then(new Step.ApplyAndFail(code.toStatus().withDescription("lost")));

        assertThatThrownBy(() -> db.raw().put(KEY, VALUE))
                .isInstanceOf(OutcomeUnknownException.class)
                .hasMessageContaining("may have happened")
                .hasMessageContaining("store 1 at " + storeServer.address());
        assertThat(store.calls()).isEqualTo(1);
    }

    @Test
    void doesNotGuessTheFateOfAWriteWhoseConnectionBreaks() {
        store.then(new Step.ApplyAndHang());
        CompletableFuture<Void> put = db.raw().async().put(KEY, VALUE);
        await().until(() -> store.calls() == 1);

        storeServer.goAway();

        assertThatThrownBy(put::join).hasCauseInstanceOf(OutcomeUnknownException.class);
    }

    @Test
    void doesNotGuessTheFateOfAWriteThatIsNotAnsweredInTime() {
        store.hangFromNowOn();

        assertThatThrownBy(() -> impatient().cas().put(KEY, 0, VALUE))
                .isInstanceOf(OutcomeUnknownException.class)
                .hasMessageContaining("has not answered");
        assertThat(store.calls()).isEqualTo(1);
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
