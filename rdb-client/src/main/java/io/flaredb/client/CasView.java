package io.flaredb.client;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Versioned operations that wait. */
final class CasView implements CasKv {
    private final AsyncCasView direct;
    private final AsyncCasKv async;
    private final Executor handOver;
    private final @Nullable CasKv stale; // null: this is it

    /**
     * @param handOver where dependents of futures may block
     * @param stale the view whose reads any replica may answer; null: this one is it
     */
    CasView(AsyncCasView direct, AsyncCasKv async, Executor handOver, @Nullable CasKv stale) {
        this.direct = direct;
        this.async = async;
        this.handOver = handOver;
        this.stale = stale;
    }

    @Override
    public CasResult put(Bytes key, long expectedVersion, Bytes value) {
        return Blocking.write(
                direct.put(key, expectedVersion, value), Resolution.Swap::new, handOver);
    }

    @Override
    public Optional<VersionedValue> get(Bytes key) {
        return Blocking.read(direct.get(key));
    }

    @Override
    public CasResult delete(Bytes key, long expectedVersion) {
        return Blocking.write(direct.delete(key, expectedVersion), Resolution.Swap::new, handOver);
    }

    @Override
    public CasBatchResult batch(List<CasOperation> operations) {
        return Blocking.write(direct.batch(operations), Resolution.Batch::new, handOver);
    }

    @Override
    public VersionedValue update(Bytes key, Function<Optional<Bytes>, Bytes> change) {
        CallerThread thisThread = new CallerThread();
        return thisThread.runUntilDone(
                direct.update(key, change, thisThread),
                written -> new Resolution.Swap(new CasResult.Swapped(written.version())),
                handOver);
    }

    @Override
    public List<VersionedEntry> scan(KeyRange range, int limit) {
        return Blocking.read(direct.scan(range, limit));
    }

    @Override
    public Iterable<VersionedEntry> scan(KeyRange range) {
        return iterate(range, Long.MAX_VALUE);
    }

    @Override
    public Iterable<VersionedEntry> iterate(KeyRange range, long limit) {
        Door.checkLimit(limit);
        return () ->
                new Scan.Lazy<>(
                        (rest, most) -> Blocking.read(direct.page(rest, most)), range, limit);
    }

    @Override
    public CasKv stale() {
        return stale == null ? this : stale;
    }

    @Override
    public AsyncCasKv async() {
        return async;
    }
}
