package io.flaredb.client;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import io.flaredb.client.spi.Backend;
import io.flaredb.client.spi.Page;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Checks raw operations and passes them on. */
final class AsyncRawView implements AsyncRawKv {
    private final Backend backend;
    private final Calls calls;

    AsyncRawView(Backend backend, Calls calls) {
        this.backend = backend;
        this.calls = calls;
    }

    @Override
    public CompletableFuture<Void> put(Bytes key, Bytes value) {
        return calls.start(deadline -> {
            Door.checkKey(key);
            Door.checkValue(value);
            return backend.rawPut(key, value, deadline);
        });
    }

    @Override
    public CompletableFuture<Optional<Bytes>> get(Bytes key) {
        return calls.start(deadline -> {
            Door.checkKey(key);
            return backend.rawGet(key, deadline);
        });
    }

    @Override
    public CompletableFuture<Void> delete(Bytes key) {
        return calls.start(deadline -> {
            Door.checkKey(key);
            return backend.rawDelete(key, deadline);
        });
    }

    @Override
    public CompletableFuture<List<KeyValue>> scan(KeyRange range, int limit) {
        return calls.start(deadline -> {
            Door.checkRange(range);
            Door.checkLimit(limit);
            return Scan.all(backend::rawScan, range, limit, deadline);
        });
    }

    CompletableFuture<Page<KeyValue>> page(KeyRange range, int limit) {
        return calls.start(deadline -> {
            Door.checkRange(range);
            return Scan.page(backend::rawScan, range, limit, deadline);
        });
    }

    @Override
    public CompletableFuture<Map<Bytes, Bytes>> batchGet(Collection<Bytes> keys) {
        return calls.start(deadline -> {
            List<Bytes> distinct = List.copyOf(new LinkedHashSet<>(keys));
            long sizeBytes = 0;
            for (Bytes key : distinct) {
                Door.checkKey(key);
                sizeBytes += key.size();
            }
            Door.checkBatch(distinct.size(), sizeBytes);
            return distinct.isEmpty()
                    ? CompletableFuture.completedFuture(Map.of())
                    : backend.rawBatchGet(distinct, deadline)
                            .thenApply(found -> inOrderAsked(distinct, found));
        });
    }

    private static Map<Bytes, Bytes> inOrderAsked(List<Bytes> keys, Map<Bytes, Bytes> found) {
        Map<Bytes, Bytes> ordered = new LinkedHashMap<>();
        for (Bytes key : keys) {
            Bytes value = found.get(key);
            if (value != null) {
                ordered.put(key, value);
            }
        }
        return ordered;
    }

    @Override
    public CompletableFuture<Void> batchPut(Map<Bytes, Bytes> entries) {
        return calls.start(deadline -> {
            List<KeyValue> batch = new ArrayList<>(entries.size());
            long sizeBytes = 0;
            for (Map.Entry<Bytes, Bytes> entry : entries.entrySet()) {
                Door.checkKey(entry.getKey());
                Door.checkValue(entry.getValue());
                sizeBytes += entry.getKey().size() + entry.getValue().size();
                batch.add(new KeyValue(entry.getKey(), entry.getValue()));
            }
            Door.checkBatch(batch.size(), sizeBytes);
            return batch.isEmpty()
                    ? CompletableFuture.<Void>completedFuture(null)
                    : backend.rawBatchPut(List.copyOf(batch), deadline);
        });
    }
}
