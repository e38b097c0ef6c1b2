package io.flaredb.client.remote;

import io.flaredb.client.retry.RetryLoop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** At most one of something under way at a time; who comes meanwhile shares it. Thread-safe. */
final class Shared<T> {
    private final AtomicReference<@Nullable CompletableFuture<T>> underWay =
            new AtomicReference<>();

    /** Joins the one under way, or starts one. */
    CompletableFuture<T> join(Supplier<CompletableFuture<T>> start) {
        CompletableFuture<T> mine = new CompletableFuture<>();
        CompletableFuture<T> others = underWay.compareAndExchange(null, mine);
        if (others != null) {
            return others;
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
