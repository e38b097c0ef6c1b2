package io.flaredb.client.spi;

import io.flaredb.client.InvalidRequestException;
import io.flaredb.client.OutcomeUnknownException;
import io.flaredb.client.RefusedException;
import io.flaredb.client.Resolution;
import io.flaredb.client.UnavailableException;
import io.flaredb.client.retry.RetryLoop;
import io.flaredb.client.retry.RetryableException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What became of a write, told from how its future ends. */
public final class Fates {
    private Fates() {}

    /**
     * Waits for a write, under way or ended.
     *
     * @param done what its answer means
     * @return fails with an {@link OutcomeUnknownException} only
     */
    public static <T extends @Nullable Object> CompletableFuture<Resolution> of(
            CompletableFuture<T> write, Function<? super T, Resolution> done) {
        return of(write, done, OutcomeUnknownException::resolveAsync);
    }

    /**
     * As {@link #of(CompletableFuture, Function)}.
     *
     * @param resolve asks further where the write ended without an answer
     */
    public static <T extends @Nullable Object> CompletableFuture<Resolution> of(
            CompletableFuture<T> write,
            Function<? super T, Resolution> done,
            Function<OutcomeUnknownException, CompletableFuture<Resolution>> resolve) {
        return write.handle((answer, error) ->
                        error == null
                                ? CompletableFuture.completedFuture(done.apply(answer))
                                : ofFailure(RetryLoop.unwrap(error), resolve))
                .thenCompose(Function.identity());
    }

    private static CompletableFuture<Resolution> ofFailure(
            Throwable failure,
            Function<OutcomeUnknownException, CompletableFuture<Resolution>> resolve) {
        if (failure instanceof OutcomeUnknownException unknown) {
            return resolve.apply(unknown);
        }
        if (failure instanceof InvalidRequestException
                || failure instanceof RefusedException
                || failure instanceof UnavailableException
                || failure instanceof RetryableException) {
            return CompletableFuture.completedFuture(new Resolution.NotDone());
        }
        return CompletableFuture.failedFuture(
                new OutcomeUnknownException(
                        "what became of the write is not known: " + failure.getMessage(), failure));
    }
}
