package io.flaredb.client.remote;

import io.flaredb.client.retry.Deadline;
import io.flaredb.client.retry.RetryLoop;
import io.flaredb.client.retry.RetryableException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** At most one of something under way at a time; who comes meanwhile shares it. Thread-safe. */
final class Shared<T> {
    private final AtomicReference<@Nullable CompletableFuture<T>> underWay =
            new AtomicReference<>();

    /** Joins the one under way, or starts one. */
    CompletableFuture<T> join(Supplier<CompletableFuture<T>> start) {
        return join(start, others -> others);
    }

    /**
     * As {@link #join(Supplier)}, for who may have less time than the one who has started it.
     *
     * @param deadline until which to wait for another's; one's own must keep it by itself
     * @param peer who is asked, for the message
     * @return fails with a {@link RetryableException} at the deadline
     */
    CompletableFuture<T> join(
            Supplier<CompletableFuture<T>> start, Deadline deadline, String peer) {
        return join(start, others -> within(deadline, others, peer));
    }

    /** A copy: the deadline ends the wait, not what is waited for. */
    private static <T> CompletableFuture<T> within(
            Deadline deadline, CompletableFuture<T> others, String peer) {
        return others.copy()
                .orTimeout(deadline.remainingNanos(), TimeUnit.NANOSECONDS)
                .exceptionallyCompose(failure ->
                        CompletableFuture.failedFuture(
                                failure instanceof TimeoutException
                                        ? new RetryableException(
                                                peer + " has not answered", 0, failure)
                                        : failure));
    }

    private CompletableFuture<T> join(
            Supplier<CompletableFuture<T>> start, UnaryOperator<CompletableFuture<T>> waitFor) {
        CompletableFuture<T> mine = new CompletableFuture<>();
        CompletableFuture<T> others = underWay.compareAndExchange(null, mine);
        if (others != null) {
            return waitFor.apply(others);
        }
        RetryLoop.started(start)
                .whenComplete((answer, error) -> {
                    underWay.set(null); // first: who sees the end may start the next
                    if (error == null) {
                        mine.complete(answer);
                    } else {
                        mine.completeExceptionally(RetryLoop.unwrap(error));
                    }
                });
        return mine;
    }
}
