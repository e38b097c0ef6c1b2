package io.flaredb.client.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flaredb.bytes.Bytes;
import io.flaredb.client.CorruptionException;
import io.flaredb.client.UnavailableException;
import io.flaredb.client.remote.ScriptedStore.Step;
import io.grpc.Status;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A read changes nothing, so it is tried again until its deadline. */
class ReadRetryTest extends RemoteTest {
    @ParameterizedTest
    @EnumSource(
            value = Status.Code.class,
            names = {
                "UNAVAILABLE",
                "INTERNAL",
                "UNKNOWN",
                "ABORTED",
                "CANCELLED",
                "RESOURCE_EXHAUSTED"
            })
    void readsAgainAfterAFailure(Status.Code code) {
        store.raw.put(KEY, VALUE);
        store.then(new Step.Fail(code.toStatus()), new Step.Fail(code.toStatus()));

        assertThat(db.raw().get(KEY)).contains(VALUE);
        assertThat(store.calls()).isEqualTo(3);
    }

    @Test
    void readsAgainWhenTheConnectionBreaks() {
        store.raw.put(KEY, VALUE);
        store.then(new Step.ApplyAndHang());
        CompletableFuture<Optional<Bytes>> get = db.raw().async().get(KEY);
        await().until(() -> store.calls() == 1);

        storeServer.goAway();
        storeServer.comeBack();

        assertThat(get.join()).contains(VALUE);
    }

    @Test
    void givesUpAtTheDeadline() {
        store.hangFromNowOn();

        assertThatThrownBy(() -> impatient().raw().get(KEY))
                .isInstanceOf(UnavailableException.class)
                .hasMessage(
                        "store 1 at "
                                + storeServer.address()
                                + " has not answered (gave up after 1 s)");
    }

    @Test
    void doesNotReadDamagedDataAgain() {
        store.then(new Step.Fail(Status.DATA_LOSS.withDescription("checksum of block 7")));

        assertThatThrownBy(() -> db.raw().get(KEY))
                .isInstanceOf(CorruptionException.class)
                .hasMessageContaining("checksum of block 7");
        assertThat(store.calls()).isEqualTo(1);
    }
}
