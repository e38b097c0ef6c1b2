package io.flaredb.bench;

import io.flaredb.bytes.Bytes;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Writes the keys that a workload needs, once for all loads on a target. */
final class Preparation {
    private static final int BATCH_BYTES = 256 * 1024;
    private static final int MOST_BATCH_KEYS = 1_000;
    private static final int BATCHES_IN_FLIGHT = 8;
    private static final int SWAPS_IN_FLIGHT = 256;

    private final Target target;
    private final KeySpace space;
    private final int batchKeys;
    private boolean rawKeysWritten;

    Preparation(Target target, KeySpace space, DataSet set) {
        this.target = target;
        this.space = space;
        this.batchKeys = Math.clamp(BATCH_BYTES / set.valueBytes(), 1, MOST_BATCH_KEYS);
    }

    void prepare(Workload workload, Progress progress) throws InterruptedException {
        IntConsumer written = keys -> progress.prepared(workload, keys, space.keys());
        switch (workload) {
            case GET, GET_STALE, SCAN -> rawKeys(written);
            case CAS -> versions(written);
            case MIXED -> {
                rawKeys(written);
                versions(written);
            }
            case PUT, CAS_CONTENDED, TSO -> {}
        }
    }

    private void rawKeys(IntConsumer written) throws InterruptedException {
        if (!rawKeysWritten) {
            int batches = (space.keys() - 1) / batchKeys + 1;
            each(
                    batches,
                    BATCHES_IN_FLIGHT,
                    number -> {
                        written.accept(number * batchKeys);
                        return batch(number);
                    });
            rawKeysWritten = true;
        }
    }

    private CompletableFuture<?> batch(int number) {
        Map<Bytes, Bytes> entries = new LinkedHashMap<>();
        int end = Math.min(space.keys() - number * batchKeys, batchKeys);
        for (int i = 0; i < end; i++) {
            int key = number * batchKeys + i;
            entries.put(space.key(key), space.value(key));
        }
        return target.putAll(entries);
    }

    /** Finds out the versions that are not known, and creates what is absent. */
    private void versions(IntConsumer written) throws InterruptedException {
        space.trackVersions();
        each(
                space.keys(),
                SWAPS_IN_FLIGHT,
                key -> {
                    written.accept(key);
                    return space.isVersionKnown(key)
                            ? CompletableFuture.completedFuture(null)
                            : version(key);
                });
    }

    private CompletableFuture<?> version(int key) {
        Bytes name = space.key(key);
        return target.version(name)
                .thenCompose(found ->
                        found > 0
                                ? CompletableFuture.completedFuture(found)
                                : target.swap(name, 0, space.value(key))
                                        .thenApply(created -> created.orElse(-1)))
                .thenAccept(version -> space.setVersion(key, version));
    }

    /** Runs numbered steps, so many at a time, until all have ended or one has failed. */
    private static void each(int steps, int inFlight, IntFunction<CompletableFuture<?>> step)
            throws InterruptedException {
        Semaphore free = new Semaphore(inFlight);
        AtomicReference<@Nullable Throwable> failed = new AtomicReference<>();
        for (int i = 0; i < steps && failed.get() == null; i++) {
            free.acquire();
            var _ =
                    step.apply(i)
                            .whenComplete((answer, failure) -> {
                                if (failure != null) {
                                    failed.compareAndSet(null, failure);
                                }
                                free.release();
                            });
        }
        free.acquire(inFlight);
        Throwable failure = failed.get();
        if (failure != null) {
            Throwable cause = causeOf(failure);
            if (cause instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            throw new CompletionException(cause);
        }
    }

    /** What a future failed with, without what later stages wrapped around it. */
    static Throwable causeOf(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
