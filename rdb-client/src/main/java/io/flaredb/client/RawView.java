package io.flaredb.client;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Raw operations that wait. */
final class RawView implements RawKv {
    private final AsyncRawView direct;
    private final AsyncRawKv async;
    private final Executor handOver;
    private final @Nullable RawKv stale; // null: this is it

    /**
     * @param handOver where dependents of futures may block
     * @param stale the view whose reads any replica may answer; null: this one is it
     */
    RawView(AsyncRawView direct, AsyncRawKv async, Executor handOver, @Nullable RawKv stale) {
        this.direct = direct;
        this.async = async;
        this.handOver = handOver;
        this.stale = stale;
    }

    @Override
    public void put(Bytes key, Bytes value) {
        Blocking.write(direct.put(key, value), RawView::written, handOver);
    }

    private static Resolution written(@Nullable Void done) {
        return new Resolution.Written();
    }

    @Override
    public Optional<Bytes> get(Bytes key) {
        return Blocking.read(direct.get(key));
    }

    @Override
    public void delete(Bytes key) {
        Blocking.write(direct.delete(key), RawView::written, handOver);
    }

    @Override
    public List<KeyValue> scan(KeyRange range, int limit) {
        return Blocking.read(direct.scan(range, limit));
    }

    @Override
    public Iterable<KeyValue> scan(KeyRange range) {
        return iterate(range, Long.MAX_VALUE);
    }

    @Override
    public Iterable<KeyValue> iterate(KeyRange range, long limit) {
        Door.checkLimit(limit);
        return () ->
                new Scan.Lazy<>(
                        (rest, most) -> Blocking.read(direct.page(rest, most)), range, limit);
    }

    @Override
    public Map<Bytes, Bytes> batchGet(Collection<Bytes> keys) {
        return Blocking.read(direct.batchGet(keys));
    }

    @Override
    public void batchPut(Map<Bytes, Bytes> entries) {
        Blocking.write(direct.batchPut(entries), RawView::written, handOver);
    }

    @Override
    public RawKv stale() {
        return stale == null ? this : stale;
    }

    @Override
    public AsyncRawKv async() {
        return async;
    }
}
