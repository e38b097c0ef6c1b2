package io.flaredb.bench;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import io.flaredb.client.AsyncCasKv;
import io.flaredb.client.AsyncRawKv;
import io.flaredb.client.AsyncTso;
import io.flaredb.client.CasResult;
import io.flaredb.client.FlareDb;
import io.flaredb.client.VersionedValue;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/** FlareDB through its client, as any program would use it. */
public final class FlareDbTarget implements Target {
    private final FlareDb db;
    private final AsyncRawKv raw;
    private final AsyncRawKv stale;
    private final AsyncCasKv cas;
    private final AsyncTso tso;

    /**
     * @param db closed with this
     */
    public FlareDbTarget(FlareDb db) {
        this.db = db;
        this.raw = db.raw().async();
        this.stale = db.raw().stale().async();
        this.cas = db.cas().async();
        this.tso = db.tso().async();
    }

    @Override
    public String name() {
        return "flaredb";
    }

    @Override
    public boolean supports(Workload workload) {
        return true;
    }

    @Override
    public CompletableFuture<?> put(Bytes key, Bytes value) {
        return raw.put(key, value);
    }

    @Override
    public CompletableFuture<?> putAll(Map<Bytes, Bytes> entries) {
        return raw.batchPut(entries);
    }

    @Override
    public CompletableFuture<Boolean> get(Bytes key) {
        return raw.get(key).thenApply(FlareDbTarget::isValue);
    }

    @Override
    public CompletableFuture<Boolean> getStale(Bytes key) {
        return stale.get(key).thenApply(FlareDbTarget::isValue);
    }

    private static boolean isValue(Optional<Bytes> found) {
        return found.isPresent() && !found.get().isEmpty(); // a load writes no empty ones
    }

    @Override
    public CompletableFuture<Long> version(Bytes key) {
        return cas.get(key).thenApply(found -> found.map(VersionedValue::version).orElse(0L));
    }

    @Override
    public CompletableFuture<OptionalLong> swap(Bytes key, long expectedVersion, Bytes value) {
        return cas.put(key, expectedVersion, value).thenApply(FlareDbTarget::newVersion);
    }

    private static OptionalLong newVersion(CasResult result) {
        return switch (result) {
            case CasResult.Swapped(long version) -> OptionalLong.of(version);
            case CasResult.Conflict _ -> OptionalLong.empty();
        };
    }

    @Override
    public CompletableFuture<Integer> scan(Bytes startInclusive, int limit) {
        return raw.scan(new KeyRange(startInclusive, Bytes.EMPTY), limit).thenApply(List::size);
    }

    @Override
    public CompletableFuture<Long> timestamp() {
        return tso.next();
    }

    @Override
    public void close() {
        db.close();
    }
}
