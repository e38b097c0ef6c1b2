package io.flaredb.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flaredb.client.CorruptionException;
import io.flaredb.client.InvalidRequestException;
import io.flaredb.client.OutcomeUnknownException;
import io.flaredb.client.RefusedException;
import io.flaredb.client.retry.RetryableException;
import io.flaredb.server.region.RegionErrors;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** What the store's failures become for the caller of the API. */
class FailuresTest {
    @Test
    void repeatsWhatABusyStoreTurnedAway() {
        var busy = RegionErrors.serverIsBusy(Duration.ofMillis(20));

        assertThat(Failures.ofWrite(new CompletionException(busy)))
                .isInstanceOfSatisfying(
                        RetryableException.class,
                        failure ->
                                assertThat(failure.pauseNanos())
                                        .isEqualTo(TimeUnit.MILLISECONDS.toNanos(20)));
        assertThat(Failures.ofRead(busy)).isInstanceOf(RetryableException.class);
    }

    @Test
    void saysWhyTheStoreDoesNotWrite() {
        assertThat(Failures.ofWrite(RegionErrors.storeNotWritable("disk full")))
                .isInstanceOf(RefusedException.class)
                .hasMessage("the embedded store refuses writes: disk full");
    }

    @Test
    void doesNotGuessTheFateOfAWriteThatFailed() {
        assertThat(Failures.ofWrite(new IllegalStateException("lightning")))
                .isInstanceOf(OutcomeUnknownException.class)
                .hasMessageContaining("lightning");
        assertThat(Failures.ofWrite(new TimeoutException()))
                .isInstanceOf(OutcomeUnknownException.class)
                .hasMessageContaining("has not answered");
    }

    @Test
    void readsAgainAfterAPause() {
        assertThat(Failures.ofRead(new TimeoutException())).isInstanceOf(RetryableException.class);
    }

    @Test
    void passesOnWhatTheStoreFoundInvalid() {
        assertThat(Failures.ofWrite(new IllegalArgumentException("odd")))
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
