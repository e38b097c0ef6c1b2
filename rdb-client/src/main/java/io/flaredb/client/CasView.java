package io.flaredb.client;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Versioned operations that wait. */
final class CasView implements CasKv {
    private final AsyncCasView direct;
    private final AsyncCasKv async;

    CasView(AsyncCasView direct, AsyncCasKv async) {
        this.direct = direct;
        this.async = async;
    }

    @Override
    public CasResult put(Bytes key, long expectedVersion, Bytes value) {
        return Blocking.write(direct.put(key, expectedVersion, value));
    }

    @Override
    public Optional<VersionedValue> get(Bytes key) {
        return Blocking.read(direct.get(key));
    }

    @Override
    public CasResult delete(Bytes key, long expectedVersion) {
        return Blocking.write(direct.delete(key, expectedVersion));
    }

    @Override
    public VersionedValue update(Bytes key, Function<Optional<Bytes>, Bytes> change) {
        CallerThread thisThread = new CallerThread();
        return thisThread.runUntilDone(direct.update(key, change, thisThread));
    }

    @Override
    public List<VersionedEntry> scan(KeyRange range, int limit) {
        return Blocking.read(direct.scan(range, limit));
    }

    @Override
    public Iterable<VersionedEntry> scan(KeyRange range) {
        return () -> new Scan.Lazy<>(rest -> Blocking.read(direct.page(rest)), range);
    }

    @Override
    public AsyncCasKv async() {
        return async;
    }
}
