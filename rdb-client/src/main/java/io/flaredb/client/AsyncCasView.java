package io.flaredb.client;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import io.flaredb.client.retry.Timer;
import io.flaredb.client.spi.Backend;
import io.flaredb.client.spi.Page;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;

/** Checks versioned operations and passes them on. */
final class AsyncCasView implements AsyncCasKv {
    private final Backend backend;
    private final Calls calls;
    private final Timer timer;
    private final Executor functionThread;

    AsyncCasView(Backend backend, Calls calls, Timer timer, Executor functionThread) {
        this.backend = backend;
        this.calls = calls;
        this.timer = timer;
        this.functionThread = functionThread;
    }

    @Override
    public CompletableFuture<CasResult> put(Bytes key, long expectedVersion, Bytes value) {
        return calls.start(deadline -> {
            Door.checkKey(key);
            Door.checkValue(value);
            return backend.compareAndSwap(key, expectedVersion, value, deadline);
        });
    }

    @Override
    public CompletableFuture<Optional<VersionedValue>> get(Bytes key) {
        return calls.start(deadline -> {
            Door.checkKey(key);
            return backend.casGet(key, deadline);
        });
    }

    @Override
    public CompletableFuture<CasResult> delete(Bytes key, long expectedVersion) {
        return calls.start(deadline -> {
            Door.checkKey(key);
            return backend.compareAndDelete(key, expectedVersion, deadline);
        });
    }

    @Override
    public CompletableFuture<CasBatchResult> batch(List<CasOperation> operations) {
        return calls.start(deadline -> {
            List<CasOperation> batch = List.copyOf(operations);
            Door.checkCasBatch(batch);
            return backend.casBatch(batch, deadline);
        });
    }

    @Override
    public CompletableFuture<VersionedValue> update(
            Bytes key, Function<Optional<Bytes>, Bytes> change) {
        return update(key, change, functionThread);
    }

    CompletableFuture<VersionedValue> update(
            Bytes key, Function<Optional<Bytes>, Bytes> change, Executor functionThread) {
        return calls.start(deadline -> {
            Door.checkKey(key);
            return new UpdateLoop(backend, timer, functionThread, key, change, deadline).run();
        });
    }

    @Override
    public CompletableFuture<List<VersionedEntry>> scan(KeyRange range, int limit) {
        return calls.start(deadline -> {
            Door.checkRange(range);
            Door.checkLimit(limit);
            return Scan.all(backend::casScan, range, limit, deadline);
        });
    }

    CompletableFuture<Page<VersionedEntry>> page(KeyRange range, int limit) {
        return calls.start(deadline -> {
            Door.checkRange(range);
            return Scan.page(backend::casScan, range, limit, deadline);
        });
    }
}
