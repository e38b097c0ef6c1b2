package io.flaredb.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No operation is left without an end, and none keeps its place after it. */
class CallsTest {
    private static final FlareDbOptions ONE_AT_A_TIME =
            FlareDbOptions.defaults().withMaxInFlight(1);

    private static Executor failing(Class<? extends Throwable> failure) {
        return task -> {
            if (failure == OutOfMemoryError.class) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            throw new IllegalStateException("the pool is gone");
        };
    }

    @ParameterizedTest
    @ValueSource(classes = {IllegalStateException.class, OutOfMemoryError.class})
    void completesAFutureWhoseExecutorFails(Class<? extends Throwable> failure) {
        FlareDbOptions options = FlareDbOptions.defaults().withExecutor(failing(failure));
        CompletableFuture<String> running = new CompletableFuture<>();
        CompletableFuture<String> result =
                Calls.handingOver(options, new Calls.Lifecycle(options)).start(d -> running);

        running.complete("done");

        assertThat(result).isCompletedWithValue("done");
    }

    @ParameterizedTest
    @ValueSource(classes = {IllegalStateException.class, OutOfMemoryError.class})
    void resolvesAWriteWhereTheExecutorFails(Class<? extends Throwable> failure) {
        CompletableFuture<Resolution> answer = new CompletableFuture<>();
        OutcomeUnknownException unknown = new OutcomeUnknownException("sent", null, () -> answer);
        unknown.completesOn(failing(failure));
        CompletableFuture<Resolution> resolved = unknown.resolveAsync();

        answer.complete(new Resolution.NotDone());

        assertThat(resolved).isCompletedWithValue(new Resolution.NotDone());
    }

    @Test
    void givesThePlaceBackWhereAnErrorIsThrown() {
        Calls calls = Calls.direct(ONE_AT_A_TIME, new Calls.Lifecycle(ONE_AT_A_TIME));

        assertThatThrownBy(() ->
                        calls.start(deadline -> {
                            throw new StackOverflowError();
                        }))
                .isInstanceOf(StackOverflowError.class);

        assertThat(calls.start(deadline -> CompletableFuture.completedFuture("done")))
                .isCompletedWithValue("done");
    }
}
