package io.flaredb.client;

import io.flaredb.bytes.Bytes;
import io.flaredb.client.retry.Backoff;
import io.flaredb.client.retry.Deadline;
import io.flaredb.client.retry.Timer;
import io.flaredb.client.spi.Backend;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * One {@link CasKv#update}: read, then swap; after a conflict pause and do both again. A conflict
 * brings the current value along, but what was current before a pause is not so after it: where
 * others write all the time, whoever swapped on that would lose for ever.
 *
 * <p>Steps follow each other, so fields need no lock.
 */
final class UpdateLoop {
    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long MAX_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Backend backend;
    private final Timer timer;
    private final Executor functionThread;
    private final Bytes key;
    private final Function<Optional<Bytes>, Bytes> change;
    private final Deadline deadline;
    private final Backoff backoff = new Backoff(FIRST_PAUSE_NANOS, MAX_PAUSE_NANOS);
    private int attempts;

    /**
     * @param functionThread where {@code change} runs, and what is read again is asked for
     */
    UpdateLoop(
            Backend backend,
            Timer timer,
            Executor functionThread,
            Bytes key,
            Function<Optional<Bytes>, Bytes> change,
            Deadline deadline) {
        this.backend = backend;
        this.timer = timer;
        this.functionThread = functionThread;
        this.key = key;
        this.change = change;
        this.deadline = deadline;
    }

    CompletableFuture<VersionedValue> run() {
        return backend.casGet(key, deadline)
                .thenCompose(current ->
                        attempt(
                                current.map(VersionedValue::version).orElse(0L),
                                current.map(VersionedValue::value)));
    }

    private CompletableFuture<VersionedValue> attempt(long version, Optional<Bytes> value) {
        attempts++;
        return CompletableFuture.supplyAsync(() -> change.apply(value), functionThread)
                .thenCompose(next -> {
                    Objects.requireNonNull(next, "the function of an update returned null");
                    Door.checkValue(next);
                    return backend.compareAndSwap(key, version, next, deadline)
                            .thenCompose(result -> ended(result, next));
                });
    }

    private CompletableFuture<VersionedValue> ended(CasResult result, Bytes written) {
        if (result instanceof CasResult.Conflict) {
            // Not on the timer's thread: an embedded store reads on the one that asks.
            return pause().thenComposeAsync(unused -> run(), functionThread);
        }
        CasResult.Swapped swapped = (CasResult.Swapped) result;
        return CompletableFuture.completedFuture(new VersionedValue(swapped.version(), written));
    }

    private CompletableFuture<Void> pause() {
        long pauseNanos = backoff.nextPauseNanos();
        if (pauseNanos >= deadline.remainingNanos()) {
            return CompletableFuture.failedFuture(
                    new UnavailableException(
                            "key "
                                    + key
                                    + " was changed by others before each of "
                                    + attempts
                                    + " attempts to update it"
                                    + deadline.gaveUp()));
        }
        CompletableFuture<Void> over = new CompletableFuture<>();
        timer.after(pauseNanos, () -> over.complete(null));
        return over;
    }
}
