package io.flaredb.server.log;

import io.flaredb.bytes.KeyRange;
import io.flaredb.storage.CorruptionException;
import io.flaredb.storage.RegionDigest;
import io.flaredb.storage.RegionId;
import io.flaredb.storage.StorageEngine;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Computes checksums of a store's replicas, {@value #AT_ONCE} at a time: each reads all records of
 * a region in a thread of its own and keeps the past as of its moment. More are refused and not
 * queued, since the moment of one that waited would have passed. Nothing that is replicated depends
 * on what comes of one. Thread-safe.
 */
public final class Digests implements AutoCloseable {
    private static final int AT_ONCE = 2;

    private final Computing computing;
    private final Consumer<Throwable> onFatal;
    private final Semaphore free = new Semaphore(AT_ONCE);
    private volatile boolean closed;

    /** See {@link io.flaredb.storage.Replicas#digest}. */
    interface Computing {
        CompletableFuture<RegionDigest> digest(
                RegionId region, KeyRange range, BooleanSupplier cancelled, Executor executor);
    }

    /**
     * @param onFatal told of damaged records
     */
    public Digests(StorageEngine engine, Consumer<Throwable> onFatal) {
        this(engine.replicas()::digest, onFatal);
    }

    Digests(Computing computing, Consumer<Throwable> onFatal) {
        this.computing = computing;
        this.onFatal = onFatal;
    }

    /**
     * Returns once the moment is fixed.
     *
     * @return fails with a {@link NotCheckedException}, or with what reading has met
     */
    CompletableFuture<RegionDigest> start(RegionId region, KeyRange range) {
        if (closed) {
            return CompletableFuture.failedFuture(stopping());
        }
        if (!free.tryAcquire()) {
            return CompletableFuture.failedFuture(
                    new NotCheckedException(
                            "the store looks at " + AT_ONCE + " replicas already: try again"));
        }
        CompletableFuture<RegionDigest> result = new CompletableFuture<>();
        computed(region, range)
                .whenComplete((digest, failure) -> {
                    free.release(); // before anybody hears of the result
                    if (failure == null) {
                        result.complete(digest);
                    } else {
                        result.completeExceptionally(
                                failure instanceof CancellationException ? stopping() : failure);
                    }
                    if (failure instanceof CorruptionException) {
                        onFatal.accept(failure);
                    }
                });
        return result;
    }

    private CompletableFuture<RegionDigest> computed(RegionId region, KeyRange range) {
        try {
            return computing.digest(
                    region,
                    range,
                    () -> closed,
                    task -> Thread.ofPlatform().daemon().name("region-check").start(task));
        } catch (RuntimeException | Error e) { // no thread to be had: no reason to stop applying
            return CompletableFuture.failedFuture(new NotCheckedException(e.toString()));
        }
    }

    private static NotCheckedException stopping() {
        return new NotCheckedException("the store is stopping");
    }

    /** Cuts short what is being computed, without waiting for it; starts no more. */
    @Override
    public void close() {
        closed = true;
    }
}
