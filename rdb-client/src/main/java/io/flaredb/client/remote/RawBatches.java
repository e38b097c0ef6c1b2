package io.flaredb.client.remote;

import io.flaredb.bytes.Bytes;
import io.flaredb.client.CorruptionException;
import io.flaredb.client.KeyValue;
import io.flaredb.client.retry.Deadline;
import io.flaredb.client.retry.RetryLoop;
import io.flaredb.client.retry.RetryableException;
import io.flaredb.client.spi.SeveralRegions;
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
    private final Writes writes;
    private final RetryLoop retry;

    RawBatches(Router router, RegionCalls regions, Writes writes, RetryLoop retry) {
        this.router = router;
        this.regions = regions;
        this.writes = writes;
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
        return retry.run(deadline, () -> split(entries, KeyValue::key, deadline))
                .thenCompose(parts -> {
                    if (parts.size() == 1) {
                        return putPart(entries, keys(entries), deadline);
                    }
                    return SeveralRegions.all(
                            parts.stream().map(part -> begun(part.items(), deadline)).toList());
                });
    }

    private SeveralRegions.Part begun(List<KeyValue> entries, Deadline deadline) {
        List<Bytes> keys = keys(entries);
        return new SeveralRegions.Part(keys, putPart(entries, keys, deadline));
    }

    private static List<Bytes> keys(List<KeyValue> entries) {
        return entries.stream().map(KeyValue::key).toList();
    }

    /** One write with one number; split anew if the region was before anything was sent. */
    private CompletableFuture<Void> putPart(
            List<KeyValue> entries, List<Bytes> keys, Deadline deadline) {
        return writes.write(
                        keys,
                        StoreMethod.RAW_BATCH_PUT,
                        (route, id) ->
                                RawBatchPutRequest.newBuilder()
                                        .setContext(route.context())
                                        .setRequestId(id)
                                        .addAllEntries(entries.stream().map(Wire::of).toList())
                                        .build(),
                        deadline)
                .<Void>thenApply(written -> null)
                .exceptionallyCompose(error -> {
                    Throwable cause = RetryLoop.unwrap(error);
                    return cause instanceof OtherRegionException
                            ? put(entries, deadline)
                            : CompletableFuture.failedFuture(cause);
                });
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
