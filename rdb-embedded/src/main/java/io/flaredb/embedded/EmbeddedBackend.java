package io.flaredb.embedded;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import io.flaredb.client.CasBatchResult;
import io.flaredb.client.CasOperation;
import io.flaredb.client.CasResult;
import io.flaredb.client.KeyValue;
import io.flaredb.client.RefusedException;
import io.flaredb.client.RegionCheck;
import io.flaredb.client.RegionInfo;
import io.flaredb.client.Resolution;
import io.flaredb.client.StoreInfo;
import io.flaredb.client.TimestampRange;
import io.flaredb.client.VersionedEntry;
import io.flaredb.client.VersionedValue;
import io.flaredb.client.retry.Deadline;
import io.flaredb.client.spi.Backend;
import io.flaredb.client.spi.Descriptions;
import io.flaredb.client.spi.Page;
import io.flaredb.client.spi.SeveralRegions;
import io.flaredb.pd.PlacementDriver;
import io.flaredb.server.region.RegionPeer;
import io.flaredb.storage.CasStep;
import io.flaredb.storage.Command;
import io.flaredb.storage.StorageEngine;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** The client's operations as commands and reads of the store. Thread-safe. */
final class EmbeddedBackend implements Backend {
    private final EmbeddedStore store;
    private final Executor readThread;

    private EmbeddedBackend(EmbeddedStore store, Executor readThread) {
        this.store = store;
        this.readThread = readThread;
    }

    /**
     * @param store closed with the backend
     */
    EmbeddedBackend(EmbeddedStore store) {
        this(store, store.readThreads());
    }

    @Override
    public Backend forWaitingCallers() {
        return new EmbeddedBackend(store, Runnable::run);
    }

    @Override
    public CompletableFuture<Void> rawPut(Bytes key, Bytes value, Deadline deadline) {
        return writeRaw(store.regionOf(key), new Command.RawPut(key, value), deadline);
    }

    private CompletableFuture<Void> writeRaw(
            RegionPeer region, Command command, Deadline deadline) {
        return store.write(
                        region,
                        command,
                        Outcomes::written,
                        written -> new Resolution.Written(),
                        deadline)
                .thenAccept(written -> {});
    }

    @Override
    public CompletableFuture<Optional<Bytes>> rawGet(Bytes key, Deadline deadline) {
        return store.read(readThread, deadline, engine -> Optional.ofNullable(engine.get(key)));
    }

    @Override
    public CompletableFuture<Void> rawDelete(Bytes key, Deadline deadline) {
        return writeRaw(store.regionOf(key), new Command.RawDelete(key), deadline);
    }

    @Override
    public CompletableFuture<Page<KeyValue>> rawScan(KeyRange range, int limit, Deadline deadline) {
        return store.read(
                readThread,
                deadline,
                engine -> {
                    var page = engine.scan(range, limit, store.maxPageBytes());
                    return new Page<>(
                            page.entries().stream()
                                    .map(entry -> new KeyValue(entry.key(), entry.value()))
                                    .toList(),
                            page.resumeKey());
                });
    }

    @Override
    public CompletableFuture<Map<Bytes, Bytes>> rawBatchGet(List<Bytes> keys, Deadline deadline) {
        return store.read(readThread, deadline, engine -> getAll(engine, keys));
    }

    private static Map<Bytes, Bytes> getAll(StorageEngine engine, List<Bytes> keys) {
        Map<Bytes, Bytes> found = new HashMap<>();
        engine.getAll(keys, Long.MAX_VALUE)
                .entries()
                .forEach(entry -> found.put(entry.key(), entry.value()));
        return found;
    }

    @Override
    public CompletableFuture<Void> rawBatchPut(List<KeyValue> entries, Deadline deadline) {
        Map<RegionPeer, List<KeyValue>> byRegion = new LinkedHashMap<>();
        for (KeyValue entry : entries) {
            byRegion.computeIfAbsent(store.regionOf(entry.key()), region -> new ArrayList<>())
                    .add(entry);
        }
        List<SeveralRegions.Part> parts = new ArrayList<>();
        byRegion.forEach((region, part) ->
                parts.add(
                        new SeveralRegions.Part(
                                part.stream().map(KeyValue::key).toList(),
                                writeRaw(region, putAll(part), deadline))));
        return parts.size() == 1 ? parts.getFirst().write() : SeveralRegions.all(parts);
    }

    private static Command putAll(List<KeyValue> entries) {
        return new Command.RawPutAll(
                entries.stream()
                        .map(entry -> new io.flaredb.storage.KeyValue(entry.key(), entry.value()))
                        .toList());
    }

    @Override
    public CompletableFuture<CasResult> compareAndSwap(
            Bytes key, long expectedVersion, Bytes value, Deadline deadline) {
        return swap(key, new Command.CompareAndSwap(key, expectedVersion, value), deadline);
    }

    @Override
    public CompletableFuture<CasResult> compareAndDelete(
            Bytes key, long expectedVersion, Deadline deadline) {
        return swap(key, new Command.CompareAndDelete(key, expectedVersion), deadline);
    }

    /** A conflict without the value that is there had no effect: the command is done once more. */
    private CompletableFuture<CasResult> swap(Bytes key, Command command, Deadline deadline) {
        return store.write(
                        store.regionOf(key),
                        command,
                        Outcomes::swap,
                        Resolution.Swap::new,
                        deadline)
                .thenCompose(result ->
                        Outcomes.lacksValue(result)
                                ? swap(key, command, deadline)
                                : CompletableFuture.completedFuture(result));
    }

    @Override
    public CompletableFuture<CasBatchResult> casBatch(
            List<CasOperation> operations, Deadline deadline) {
        List<Bytes> keys = operations.stream().map(CasOperation::key).toList();
        RegionPeer region = store.regionOf(keys.getFirst());
        for (Bytes key : keys) {
            if (!region.range().contains(key)) {
                throw SeveralRegions.refused(
                        keys.getFirst(),
                        region.id().value(),
                        key,
                        store.regionOf(key).id().value());
            }
        }
        return store.write(
                region,
                new Command.CasBatch(operations.stream().map(EmbeddedBackend::step).toList()),
                outcome -> Outcomes.batch(keys, outcome),
                Resolution.Batch::new,
                deadline);
    }

    private static CasStep step(CasOperation operation) {
        return switch (operation) {
            case CasOperation.Swap(var key, long expected, var value) ->
                    new CasStep.Swap(key, expected, value);
            case CasOperation.Delete(var key, long expected) -> new CasStep.Delete(key, expected);
            case CasOperation.Check(var key, long expected) -> new CasStep.Check(key, expected);
        };
    }

    @Override
    public CompletableFuture<Optional<VersionedValue>> casGet(Bytes key, Deadline deadline) {
        return store.read(
                readThread,
                deadline,
                engine ->
                        Optional.ofNullable(engine.getVersioned(key))
                                .map(found -> new VersionedValue(found.version(), found.value())));
    }

    @Override
    public CompletableFuture<Page<VersionedEntry>> casScan(
            KeyRange range, int limit, Deadline deadline) {
        return store.read(
                readThread,
                deadline,
                engine -> {
                    var page = engine.scanVersioned(range, limit, store.maxPageBytes());
                    return new Page<>(
                            page.entries().stream()
                                    .map(entry ->
                                            new VersionedEntry(
                                                    entry.key(), entry.version(), entry.value()))
                                    .toList(),
                            page.resumeKey());
                });
    }

    @Override
    public CompletableFuture<TimestampRange> timestamps(int count, Deadline deadline) {
        return store.ask(
                deadline, driver -> new TimestampRange(driver.allocateTimestamps(count), count));
    }

    @Override
    public CompletableFuture<Long> clusterId(Deadline deadline) {
        return store.ask(deadline, PlacementDriver::clusterId);
    }

    @Override
    public CompletableFuture<List<StoreInfo>> stores(Deadline deadline) {
        return store.ask(
                deadline, driver -> driver.stores().stream().map(Descriptions::store).toList());
    }

    @Override
    public CompletableFuture<List<RegionInfo>> regions(Deadline deadline) {
        return store.ask(
                deadline,
                driver ->
                        driver.scanRegions(KeyRange.ALL, PlacementDriver.MAX_SCAN_REGIONS).stream()
                                .map(Descriptions::region)
                                .toList());
    }

    @Override
    public CompletableFuture<Void> transferLeader(long regionId, long storeId, Deadline deadline) {
        return alone();
    }

    @Override
    public CompletableFuture<Void> addPeer(long regionId, long storeId, Deadline deadline) {
        return alone();
    }

    @Override
    public CompletableFuture<Void> removePeer(long regionId, long storeId, Deadline deadline) {
        return alone();
    }

    @Override
    public CompletableFuture<RegionCheck> checkRegion(long regionId, Deadline deadline) {
        return alone();
    }

    private static <T> CompletableFuture<T> alone() {
        return CompletableFuture.failedFuture(
                new RefusedException(
                        "an embedded store is alone: each region has one replica, which leads it"));
    }

    @Override
    public void close() {
        store.close();
    }
}
