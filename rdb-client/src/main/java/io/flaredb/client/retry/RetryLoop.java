package io.flaredb.client.retry;

import io.flaredb.client.UnavailableException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Makes attempts until one succeeds, one fails for good, or the deadline is over. Thread-safe. */
public final class RetryLoop implements AutoCloseable {
    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long MAX_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final Timer timer;
    private volatile boolean closed;

    public RetryLoop(Timer timer) {
        this.timer = timer;
    }

    /** Pauses between attempts to reach a process that is away. */
    public static Backoff newBackoff() {
        return new Backoff(FIRST_PAUSE_NANOS, MAX_PAUSE_NANOS);
    }

    /**
     * @param attempt fails with a {@link RetryableException} where it may be repeated
     */
    public <A> CompletableFuture<A> run(Deadline deadline, Supplier<CompletableFuture<A>> attempt) {
        CompletableFuture<A> result = new CompletableFuture<>();
        tryOnce(result, deadline, attempt, newBackoff());
        return result;
    }

    /** From now on nothing is tried again. */
    @Override
    public void close() {
        closed = true;
    }

    private <A> void tryOnce(
            CompletableFuture<A> result,
            Deadline deadline,
            Supplier<CompletableFuture<A>> attempt,
            Backoff backoff) {
        started(attempt)
                .whenComplete((answer, error) -> {
                    if (error == null) {
                        result.complete(answer);
                        return;
                    }
                    Throwable cause = unwrap(error);
                    if (cause instanceof RetryableException failed) {
                        again(result, deadline, attempt, backoff, failed);
                    } else {
                        result.completeExceptionally(cause);
                    }
                });
    }

    private <A> void again(
            CompletableFuture<A> result,
            Deadline deadline,
            Supplier<CompletableFuture<A>> attempt,
            Backoff backoff,
            RetryableException failed) {
        long pauseNanos = Math.max(failed.pauseNanos(), backoff.nextPauseNanos());
        if (closed) {
            result.completeExceptionally(clientClosed());
        } else if (pauseNanos >= deadline.remainingNanos()) {
            result.completeExceptionally(
                    new UnavailableException(failed.getMessage() + deadline.gaveUp(), failed));
        } else {
            timer.after(pauseNanos, () -> tryOnce(result, deadline, attempt, backoff));
        }
    }

    /** What an attempt throws fails its future. */
    public static <A> CompletableFuture<A> started(Supplier<CompletableFuture<A>> attempt) {
        try {
            return attempt.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** What an operation fails with that closing has cut short and that had no effect. */
    public static UnavailableException clientClosed() {
        return new UnavailableException("the client was closed before an answer came");
    }

    /** Why a future that is done failed. */
    public static Throwable failureOf(CompletableFuture<?> failed) {
        return failed.handle(
                        (answer, error) -> error == null ? new AssertionError() : unwrap(error))
                .join();
    }

    /** What really happened, without the wrapping of a dependent future. */
    public static Throwable unwrap(Throwable error) {
        Throwable cause = error.getCause();
        return error instanceof CompletionException && cause != null ? cause : error;
    }
}
