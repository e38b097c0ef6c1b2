package io.flaredb.client.remote;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import io.flaredb.client.CasBatchResult;
import io.flaredb.client.CasOperation;
import io.flaredb.client.CasResult;
import io.flaredb.client.InvalidRequestException;
import io.flaredb.client.KeyValue;
import io.flaredb.client.RegionCheck;
import io.flaredb.client.RegionInfo;
import io.flaredb.client.StoreInfo;
import io.flaredb.client.TimestampRange;
import io.flaredb.client.VersionedEntry;
import io.flaredb.client.VersionedValue;
import io.flaredb.client.retry.Deadline;
import io.flaredb.client.retry.RetryLoop;
import io.flaredb.client.retry.Timer;
import io.flaredb.client.spi.Backend;
import io.flaredb.client.spi.Page;
import io.flaredb.proto.kv.CasGetRequest;
import io.flaredb.proto.kv.CasGetResponse;
import io.flaredb.proto.kv.CasScanRequest;
import io.flaredb.proto.kv.RawDeleteRequest;
import io.flaredb.proto.kv.RawGetRequest;
import io.flaredb.proto.kv.RawPutRequest;
import io.flaredb.proto.kv.RawScanRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A cluster behind a placement driver. Thread-safe. */
public final class RemoteBackend implements Backend {
    private final Channels channels;
    private final RetryLoop retry;
    private final Router router;
    private final StoreCalls stores;
    private final PlacementClient placement;
    private final RegionCalls regions;
    private final Writes writes;
    private final CasWrites casWrites;
    private final RawBatches batches;
    private final RegionAdmin admin;
    private final TimestampStream timestamps;

    /**
     * Connects to nothing yet.
     *
     * @param pdAddress "host:port"
     * @param timer still open when this is closed
     * @throws InvalidRequestException if the address is malformed
     */
    public RemoteBackend(String pdAddress, Timer timer) {
        HostPort placementDriver = HostPort.parse(pdAddress); // first: nobody would close the rest
        Suspects suspects = new Suspects();
        this.channels = new Channels();
        this.retry = new RetryLoop(timer);
        this.placement = new PlacementClient(placementDriver, channels, retry);
        this.router = new Router(placement, suspects);
        this.stores = new StoreCalls(channels, router, suspects, timer);
        this.regions = new RegionCalls(router, stores, retry, false);
        this.writes =
                new Writes(
                        router, stores, regions, retry, new Numbering(System::currentTimeMillis));
        this.casWrites = new CasWrites(router, writes, retry);
        this.batches = new RawBatches(router, regions, writes, retry);
        this.admin = new RegionAdmin(router, regions, stores, retry);
        this.timestamps = new TimestampStream(placement, channels, timer);
    }

    /** Shares everything with another one, except which replicas answer reads. */
    private RemoteBackend(RemoteBackend fresh) {
        this.channels = fresh.channels;
        this.retry = fresh.retry;
        this.placement = fresh.placement;
        this.router = fresh.router;
        this.stores = fresh.stores;
        this.regions = new RegionCalls(router, stores, retry, true);
        this.writes = fresh.writes;
        this.casWrites = fresh.casWrites;
        this.batches = new RawBatches(router, regions, writes, retry);
        this.admin = fresh.admin;
        this.timestamps = fresh.timestamps;
    }

    @Override
    public Backend stale() {
        return new RemoteBackend(this);
    }

    @Override
    public CompletableFuture<Void> rawPut(Bytes key, Bytes value, Deadline deadline) {
        return writes.write(
                        List.of(key),
                        StoreMethod.RAW_PUT,
                        (route, id) ->
                                RawPutRequest.newBuilder()
                                        .setContext(route.context())
                                        .setRequestId(id)
                                        .setKey(Wire.of(key))
                                        .setValue(Wire.of(value))
                                        .build(),
                        deadline)
                .thenAccept(written -> {});
    }

    @Override
    public CompletableFuture<Optional<Bytes>> rawGet(Bytes key, Deadline deadline) {
        return regions.onKey(
                        key,
                        StoreMethod.RAW_GET,
                        route ->
                                RawGetRequest.newBuilder()
                                        .setContext(route.context())
                                        .setKey(Wire.of(key))
                                        .build(),
                        deadline)
                .thenApply(answer ->
                        answer.hasValue()
                                ? Optional.of(Wire.bytes(answer.getValue()))
                                : Optional.empty());
    }

    @Override
    public CompletableFuture<Void> rawDelete(Bytes key, Deadline deadline) {
        return writes.write(
                        List.of(key),
                        StoreMethod.RAW_DELETE,
                        (route, id) ->
                                RawDeleteRequest.newBuilder()
                                        .setContext(route.context())
                                        .setRequestId(id)
                                        .setKey(Wire.of(key))
                                        .build(),
                        deadline)
                .thenAccept(deleted -> {});
    }

    @Override
    public CompletableFuture<Page<KeyValue>> rawScan(KeyRange range, int limit, Deadline deadline) {
        return regions.onStartOf(
                range,
                StoreMethod.RAW_SCAN,
                (route, part) ->
                        RawScanRequest.newBuilder()
                                .setContext(route.context())
                                .setStartKey(Wire.of(part.startInclusive()))
                                .setEndKey(Wire.of(part.endExclusive()))
                                .setLimit(limit)
                                .build(),
                answer ->
                        new Page<>(
                                answer.getEntriesList().stream().map(Wire::entry).toList(),
                                answer.hasResumeKey() ? Wire.bytes(answer.getResumeKey()) : null),
                deadline);
    }

    @Override
    public CompletableFuture<Map<Bytes, Bytes>> rawBatchGet(List<Bytes> keys, Deadline deadline) {
        return batches.get(keys, deadline);
    }

    @Override
    public CompletableFuture<Void> rawBatchPut(List<KeyValue> entries, Deadline deadline) {
        return batches.put(entries, deadline);
    }

    @Override
    public CompletableFuture<CasResult> compareAndSwap(
            Bytes key, long expectedVersion, Bytes value, Deadline deadline) {
        return casWrites.swap(key, expectedVersion, value, deadline);
    }

    @Override
    public CompletableFuture<CasResult> compareAndDelete(
            Bytes key, long expectedVersion, Deadline deadline) {
        return casWrites.delete(key, expectedVersion, deadline);
    }

    @Override
    public CompletableFuture<CasBatchResult> casBatch(
            List<CasOperation> operations, Deadline deadline) {
        return casWrites.batch(operations, deadline);
    }

    @Override
    public CompletableFuture<Optional<VersionedValue>> casGet(Bytes key, Deadline deadline) {
        return regions.onKey(
                        key,
                        StoreMethod.CAS_GET,
                        route ->
                                CasGetRequest.newBuilder()
                                        .setContext(route.context())
                                        .setKey(Wire.of(key))
                                        .build(),
                        deadline)
                .thenApply(RemoteBackend::versionedValue);
    }

    private static Optional<VersionedValue> versionedValue(CasGetResponse answer) {
        return answer.getVersion() == 0
                ? Optional.empty()
                : Optional.of(
                        new VersionedValue(answer.getVersion(), Wire.bytes(answer.getValue())));
    }

    @Override
    public CompletableFuture<Page<VersionedEntry>> casScan(
            KeyRange range, int limit, Deadline deadline) {
        return regions.onStartOf(
                range,
                StoreMethod.CAS_SCAN,
                (route, part) ->
                        CasScanRequest.newBuilder()
                                .setContext(route.context())
                                .setStartKey(Wire.of(part.startInclusive()))
                                .setEndKey(Wire.of(part.endExclusive()))
                                .setLimit(limit)
                                .build(),
                answer ->
                        new Page<>(
                                answer.getEntriesList().stream().map(Wire::entry).toList(),
                                answer.hasResumeKey() ? Wire.bytes(answer.getResumeKey()) : null),
                deadline);
    }

    @Override
    public CompletableFuture<TimestampRange> timestamps(int count, Deadline deadline) {
        return timestamps.next(count, deadline);
    }

    @Override
    public CompletableFuture<Long> clusterId(Deadline deadline) {
        return placement.clusterId(deadline);
    }

    @Override
    public CompletableFuture<List<StoreInfo>> stores(Deadline deadline) {
        return placement.stores(deadline);
    }

    @Override
    public CompletableFuture<List<RegionInfo>> regions(Deadline deadline) {
        return placement.regions(deadline);
    }

    @Override
    public CompletableFuture<Void> transferLeader(long regionId, long storeId, Deadline deadline) {
        return admin.transferLeader(regionId, storeId, deadline);
    }

    @Override
    public CompletableFuture<Void> addPeer(long regionId, long storeId, Deadline deadline) {
        return admin.addPeer(regionId, storeId, deadline);
    }

    @Override
    public CompletableFuture<Void> removePeer(long regionId, long storeId, Deadline deadline) {
        return admin.removePeer(regionId, storeId, deadline);
    }

    @Override
    public CompletableFuture<RegionCheck> checkRegion(long regionId, Deadline deadline) {
        return admin.checkRegion(regionId, deadline);
    }

    @Override
    public void close() {
        retry.close(); // first, so that what fails by the rest is not tried again
        timestamps.close();
        channels.close();
    }
}
