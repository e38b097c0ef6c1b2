package io.flaredb.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flaredb.client.CorruptionException;
import io.flaredb.client.InvalidRequestException;
import io.flaredb.client.OutcomeUnknownException;
import io.flaredb.client.RefusedException;
import io.flaredb.client.Resolution;
import io.flaredb.client.retry.RetryableException;
import io.flaredb.server.region.RegionErrors;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** What the store's failures become for the caller of the API. */
class FailuresTest {
    @Test
    void repeatsWhatABusyStoreTurnedAway() {
        var busy = RegionErrors.serverIsBusy(Duration.ofMillis(20));

        assertThat(ofWrite(new CompletionException(busy)))
                .isInstanceOfSatisfying(
                        RetryableException.class,
                        failure ->
                                assertThat(failure.pauseNanos())
                                        .isEqualTo(TimeUnit.MILLISECONDS.toNanos(20)));
        assertThat(Failures.ofRead(busy)).isInstanceOf(RetryableException.class);
    }

    @Test
    void saysWhyTheStoreDoesNotWrite() {
        assertThat(ofWrite(RegionErrors.storeNotWritable("disk full")))
                .isInstanceOf(RefusedException.class)
                .hasMessage("the embedded store refuses writes: disk full");
    }

    @Test
    void doesNotGuessTheFateOfAWriteThatFailed() {
        assertThat(ofWrite(new IllegalStateException("lightning")))
                .isInstanceOf(OutcomeUnknownException.class)
                .hasMessageContaining("lightning");
        assertThat(ofWrite(new TimeoutException()))
                .isInstanceOf(OutcomeUnknownException.class)
                .hasMessageContaining("has not answered");
    }

    @Test
    void asksOnlyWhereAWriteIsStillUnderWay() {
        assertThat(((OutcomeUnknownException) ofWrite(new TimeoutException())).resolve())
                .isEqualTo(new Resolution.Written());
        OutcomeUnknownException failed =
                (OutcomeUnknownException) ofWrite(new IllegalStateException("lightning"));
        assertThatThrownBy(failed::resolve)
                .isInstanceOf(OutcomeUnknownException.class)
                .hasMessageStartingWith("there is nobody to ask")
                .hasMessageContaining("lightning");
    }

    /** It is still under way, and will have been done. */
    private static RuntimeException ofWrite(Throwable failure) {
        return Failures.ofWrite(
                failure, () -> CompletableFuture.completedFuture(new Resolution.Written()));
    }

    @Test
    void refusesAKeyThatItDoesNotHold() {
        assertThat(Failures.ofRead(RegionErrors.regionNotFound(0)))
                .isInstanceOf(RefusedException.class)
                .hasMessage("the embedded store does not hold the key");
    }

    @Test
    void readsAgainAfterAPause() {
        assertThat(Failures.ofRead(new TimeoutException())).isInstanceOf(RetryableException.class);
    }

    @Test
    void passesOnWhatTheStoreFoundInvalid() {
        assertThat(ofWrite(new IllegalArgumentException("odd")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("odd");
        assertThat(Failures.ofRead(new IllegalArgumentException("odd")))
                .isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void stopsAtAFatalFailure() {
        FatalFailure fatal = new FatalFailure();
        fatal.check();
        fatal.accept(new IllegalStateException("first"));
        fatal.accept(new IllegalStateException("second"));

        assertThatThrownBy(fatal::check)
                .isInstanceOf(CorruptionException.class)
                .hasMessage("the embedded store has stopped: first");
    }
}
