package io.flaredb.client.remote;

import io.flaredb.bytes.Bytes;
import io.flaredb.client.CorruptionException;
import io.flaredb.client.KeyValue;
import io.flaredb.client.OutcomeUnknownException;
import io.flaredb.client.retry.Deadline;
import io.flaredb.client.retry.RetryLoop;
import io.flaredb.client.retry.RetryableException;
import io.flaredb.proto.kv.RawBatchGetRequest;
import io.flaredb.proto.kv.RawBatchGetResponse;
import io.flaredb.proto.kv.RawBatchPutRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Operations on many keys: split by region, sent to all regions at once. A part that meets another
 * epoch is split anew. Thread-safe.
 */
final class RawBatches {
    private final Router router;
    private final RegionCalls regions;
    private final RetryLoop retry;

    RawBatches(Router router, RegionCalls regions, RetryLoop retry) {
        this.router = router;
        this.regions = regions;
        this.retry = retry;
    }

    /** What goes to one region. */
    private record Part<T>(Route route, List<T> items) {}

    CompletableFuture<Map<Bytes, Bytes>> get(List<Bytes> keys, Deadline deadline) {
        Map<Bytes, Bytes> found = new ConcurrentHashMap<>();
        return getInto(found, keys, deadline).thenApply(done -> found);
    }

    private CompletableFuture<Void> getInto(
            Map<Bytes, Bytes> found, List<Bytes> keys, Deadline deadline) {
        Attempts attempts = new Attempts(deadline);
        return retry.run(
                deadline,
                () ->
                        split(keys, Function.identity(), deadline)
                                .thenCompose(parts -> getParts(found, parts, attempts)));
    }

    private CompletableFuture<Void> getParts(
            Map<Bytes, Bytes> found, List<Part<Bytes>> parts, Attempts attempts) {
        if (parts.size() == 1) {
            return getPart(found, parts.get(0), attempts);
        }
        return CompletableFuture.allOf(
                parts.stream()
                        .map(part -> getInto(found, part.items(), attempts.deadline()))
                        .toArray(CompletableFuture<?>[]::new));
    }

    private CompletableFuture<Void> getPart(
            Map<Bytes, Bytes> found, Part<Bytes> part, Attempts attempts) {
        return regions.once(
                        part.route(),
                        StoreMethod.RAW_BATCH_GET,
                        route ->
                                RawBatchGetRequest.newBuilder()
                                        .setContext(route.context())
                                        .addAllKeys(part.items().stream().map(Wire::of).toList())
                                        .build(),
                        attempts)
                .thenCompose(answer -> takeAnswer(found, part, answer, attempts.deadline()));
    }

    private CompletableFuture<Void> takeAnswer(
            Map<Bytes, Bytes> found,
            Part<Bytes> part,
            RawBatchGetResponse answer,
            Deadline deadline) {
        int done = answer.getKeysDone();
        if (done < 1 || done > part.items().size()) {
            throw new CorruptionException(
                    part.route().store()
                            + " was asked for "
                            + part.items().size()
                            + " keys and says it did "
                            + Integer.toUnsignedString(done));
        }
        for (var entry : answer.getEntriesList()) {
            found.put(Wire.bytes(entry.getKey()), Wire.bytes(entry.getValue()));
        }
        return done == part.items().size()
                ? CompletableFuture.completedFuture(null)
                : getInto(found, part.items().subList(done, part.items().size()), deadline);
    }

    CompletableFuture<Void> put(List<KeyValue> entries, Deadline deadline) {
        Attempts attempts = new Attempts(deadline);
        return retry.run(
                deadline,
                () ->
                        split(entries, KeyValue::key, deadline)
                                .thenCompose(parts -> putParts(parts, attempts)));
    }

    private CompletableFuture<Void> putParts(List<Part<KeyValue>> parts, Attempts attempts) {
        if (parts.size() == 1) {
            return putPart(parts.get(0), attempts);
        }
        List<CompletableFuture<Void>> writes =
                parts.stream().map(part -> put(part.items(), attempts.deadline())).toList();
        return CompletableFuture.allOf(writes.toArray(CompletableFuture<?>[]::new))
                .exceptionally(error -> {
                    throw wholeFailure(writes, RetryLoop.unwrap(error));
                });
    }

    /** What the failure of some parts means for the whole batch. */
    private static RuntimeException wholeFailure(
            List<CompletableFuture<Void>> writes, Throwable failure) {
        long written = writes.stream().filter(write -> !write.isCompletedExceptionally()).count();
        if (written > 0) {
            return new OutcomeUnknownException(
                    "the batch was written in part, in "
                            + written
                            + " of "
                            + writes.size()
                            + " regions: "
                            + failure.getMessage(),
                    failure);
        }
        // All failed; if one may have been written nonetheless, that is what the caller must know.
        for (CompletableFuture<Void> write : writes) {
            Throwable cause = RetryLoop.failureOf(write);
            if (cause instanceof OutcomeUnknownException unknown) {
                return unknown;
            }
        }
        return failure instanceof RuntimeException known
                ? known
                : new IllegalStateException(failure);
    }

    private CompletableFuture<Void> putPart(Part<KeyValue> part, Attempts attempts) {
        return regions.once(
                        part.route(),
                        StoreMethod.RAW_BATCH_PUT,
                        route ->
                                RawBatchPutRequest.newBuilder()
                                        .setContext(route.context())
                                        .addAllEntries(part.items().stream().map(Wire::of).toList())
                                        .build(),
                        attempts)
                .thenAccept(written -> {});
    }

    /** Sorts items by region; one attempt, fails with a {@link RetryableException}. */
    private <T> CompletableFuture<List<Part<T>>> split(
            List<T> items, Function<T, Bytes> key, Deadline deadline) {
        Map<Long, Part<T>> parts = new HashMap<>();
        for (T item : items) {
            Route route = router.known(key.apply(item));
            if (route == null) {
                return router.find(key.apply(item), deadline)
                        .thenCompose(found -> split(items, key, deadline));
            }
            parts.computeIfAbsent(route.regionId(), id -> new Part<>(route, new ArrayList<>()))
                    .items()
                    .add(item);
        }
        return CompletableFuture.completedFuture(List.copyOf(parts.values()));
    }
}
