package io.flaredb.client;

import io.flaredb.client.spi.Backend;
import java.util.concurrent.CompletableFuture;

/** Checks requests for timestamps and passes them on. */
final class AsyncTsoView implements AsyncTso {
    private final Backend backend;
    private final Calls calls;

    AsyncTsoView(Backend backend, Calls calls) {
        this.backend = backend;
        this.calls = calls;
    }

    @Override
    public CompletableFuture<Long> next() {
        return calls.start(
                deadline -> backend.timestamps(1, deadline).thenApply(TimestampRange::first));
    }

    @Override
    public CompletableFuture<TimestampRange> next(int count) {
        return calls.start(deadline -> {
            Door.checkTimestampCount(count);
            return backend.timestamps(count, deadline);
        });
    }
}
