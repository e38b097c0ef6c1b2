package io.flaredb.client;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import io.flaredb.client.retry.Deadline;
import io.flaredb.client.spi.Backend;
import io.flaredb.client.spi.Page;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A backend that can do nothing; tests override what they need. */
class NoBackend implements Backend {
    private static <T> CompletableFuture<T> not() {
        return CompletableFuture.failedFuture(new AssertionError("not expected to be called"));
    }

    @Override
    public CompletableFuture<Void> rawPut(Bytes key, Bytes value, Deadline deadline) {
        return not();
    }

    @Override
    public CompletableFuture<Optional<Bytes>> rawGet(Bytes key, Deadline deadline) {
        return not();
    }

    @Override
    public CompletableFuture<Void> rawDelete(Bytes key, Deadline deadline) {
        return not();
    }

    @Override
    public CompletableFuture<Page<KeyValue>> rawScan(KeyRange range, int limit, Deadline deadline) {
        return not();
    }

    @Override
    public CompletableFuture<Map<Bytes, Bytes>> rawBatchGet(List<Bytes> keys, Deadline deadline) {
        return not();
    }

    @Override
    public CompletableFuture<Void> rawBatchPut(List<KeyValue> entries, Deadline deadline) {
        return not();
    }

    @Override
    public CompletableFuture<CasResult> compareAndSwap(
            Bytes key, long expectedVersion, Bytes value, Deadline deadline) {
        return not();
    }

    @Override
    public CompletableFuture<CasResult> compareAndDelete(
            Bytes key, long expectedVersion, Deadline deadline) {
        return not();
    }

    @Override
    public CompletableFuture<CasBatchResult> casBatch(
            List<CasOperation> operations, Deadline deadline) {
        return not();
    }

    @Override
    public CompletableFuture<Optional<VersionedValue>> casGet(Bytes key, Deadline deadline) {
        return not();
    }

    @Override
    public CompletableFuture<Page<VersionedEntry>> casScan(
            KeyRange range, int limit, Deadline deadline) {
        return not();
    }

    @Override
    public CompletableFuture<TimestampRange> timestamps(int count, Deadline deadline) {
        return not();
    }

    @Override
    public CompletableFuture<Long> clusterId(Deadline deadline) {
        return not();
    }

    @Override
    public CompletableFuture<List<StoreInfo>> stores(Deadline deadline) {
        return not();
    }

    @Override
    public CompletableFuture<List<RegionInfo>> regions(Deadline deadline) {
        return not();
    }

    @Override
    public CompletableFuture<Void> transferLeader(long regionId, long storeId, Deadline deadline) {
        return not();
    }

    @Override
    public CompletableFuture<Void> addPeer(long regionId, long storeId, Deadline deadline) {
        return not();
    }

    @Override
    public CompletableFuture<Void> removePeer(long regionId, long storeId, Deadline deadline) {
        return not();
    }

    @Override
    public CompletableFuture<RegionCheck> checkRegion(long regionId, Deadline deadline) {
        return not();
    }

    @Override
    public void close() {}
}
