package io.flaredb.client;

import java.util.concurrent.CompletableFuture;

/** {@link Tso} without blocking; futures behave as those of {@link AsyncRawKv}. */
public interface AsyncTso {
    /** See {@link Tso#next()}. */
    CompletableFuture<Long> next();

    /** See {@link Tso#next(int)}. */
    CompletableFuture<TimestampRange> next(int count);
}
