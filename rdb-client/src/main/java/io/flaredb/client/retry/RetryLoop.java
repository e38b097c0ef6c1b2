package io.flaredb.client.retry;

import io.flaredb.client.UnavailableException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes attempts until one succeeds, one fails for good, or the deadline is over. Thread-safe. */
public final class RetryLoop implements AutoCloseable {
    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long MAX_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** Two stores that take each other for the leader must not be asked in turn without a pause. */
    private static final int MAX_HOPS = 3;

    /** An attempt that cannot be answered in time does harm: a write's fate is unknown then. */
    private static final long SHORTEST_ATTEMPT_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private static final int ATTEMPT_PART = 10;

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
        Operation<A> operation = new Operation<>(deadline, attempt);
        operation.tryOnce();
        return operation.result;
    }

    /** From now on nothing is tried again. */
    @Override
    public void close() {
        closed = true;
    }

    /** One operation; its attempts follow each other, so fields need no lock. */
    private final class Operation<A> {
        private final CompletableFuture<A> result = new CompletableFuture<>();
        private final Backoff backoff = newBackoff();
        private final Deadline deadline;
        private final Supplier<CompletableFuture<A>> attempt;
        private int hops; // attempts made at once since the last pause
        private @Nullable RetryableException before; // why the attempt before the last one failed

        Operation(Deadline deadline, Supplier<CompletableFuture<A>> attempt) {
            this.deadline = deadline;
            this.attempt = attempt;
        }

        void tryOnce() {
            started(attempt).whenComplete(this::ended);
        }

        /** Closing ends pauses early. */
        private void pauseOver() {
            if (closed) {
                result.completeExceptionally(clientClosed());
            } else {
                tryOnce();
            }
        }

        private void ended(A answer, @Nullable Throwable error) {
            if (error == null) {
                result.complete(answer);
                return;
            }
            Throwable cause = unwrap(error);
            if (cause instanceof RetryableException failed) {
                again(failed);
            } else {
                result.completeExceptionally(cause);
            }
        }

        /** Whether another attempt after this pause makes sense. */
        private boolean isTimeFor(long pauseNanos) {
            long attemptNanos =
                    Math.min(SHORTEST_ATTEMPT_NANOS, deadline.timeoutNanos() / ATTEMPT_PART);
            return pauseNanos + attemptNanos < deadline.remainingNanos();
        }

        private void again(RetryableException failed) {
            if (closed) {
                result.completeExceptionally(clientClosed());
                return;
            }
            if (failed.isAtOnce() && hops < MAX_HOPS && isTimeFor(0)) {
                hops++;
                before = failed;
                tryOnce();
                return;
            }
            // Added, so that those who are told the same pause do not come back together.
            long pauseNanos = failed.pauseNanos() + backoff.nextPauseNanos();
            if (!isTimeFor(pauseNanos)) {
                // An attempt that the deadline cut off knows less than the one before it.
                RetryableException why = deadline.isOver() && before != null ? before : failed;
                result.completeExceptionally(
                        new UnavailableException(why.getMessage() + deadline.gaveUp(), why));
            } else {
                hops = 0;
                before = failed;
                timer.after(pauseNanos, this::pauseOver);
            }
        }
    }

    /** What an attempt throws fails its future. */
    public static <A> CompletableFuture<A> started(Supplier<CompletableFuture<A>> attempt) {
        try {
            return attempt.get();
        } catch (RuntimeException | Error e) { // else whoever waits would do so for ever
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
