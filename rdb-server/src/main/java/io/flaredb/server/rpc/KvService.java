package io.flaredb.server.rpc;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import io.flaredb.proto.kv.CasGetRequest;
import io.flaredb.proto.kv.CasGetResponse;
import io.flaredb.proto.kv.CasScanRequest;
import io.flaredb.proto.kv.CasScanResponse;
import io.flaredb.proto.kv.CompareAndDeleteRequest;
import io.flaredb.proto.kv.CompareAndDeleteResponse;
import io.flaredb.proto.kv.CompareAndSwapRequest;
import io.flaredb.proto.kv.CompareAndSwapResponse;
import io.flaredb.proto.kv.FlareKvGrpc.FlareKvImplBase;
import io.flaredb.proto.kv.RawBatchGetRequest;
import io.flaredb.proto.kv.RawBatchGetResponse;
import io.flaredb.proto.kv.RawBatchPutRequest;
import io.flaredb.proto.kv.RawBatchPutResponse;
import io.flaredb.proto.kv.RawDeleteRequest;
import io.flaredb.proto.kv.RawDeleteResponse;
import io.flaredb.proto.kv.RawGetRequest;
import io.flaredb.proto.kv.RawGetResponse;
import io.flaredb.proto.kv.RawPutRequest;
import io.flaredb.proto.kv.RawPutResponse;
import io.flaredb.proto.kv.RawScanRequest;
import io.flaredb.proto.kv.RawScanResponse;
import io.flaredb.proto.kv.RegionContext;
import io.flaredb.server.StoreNode;
import io.flaredb.server.read.ReadPool;
import io.flaredb.server.region.RegionErrors;
import io.flaredb.server.region.RegionPeer;
import io.flaredb.storage.Command;
import io.flaredb.storage.CorruptionException;
import io.flaredb.storage.Outcome;
import io.flaredb.storage.StorageEngine;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** The store's service of kvrpc.proto. Thread-safe. */
public final class KvService extends FlareKvImplBase {
    private static final Duration INSTALLING_BACKOFF = Duration.ofMillis(500);

    private final StoreNode node;
    private final StorageEngine engine;
    private final ReadPool reads;
    private final Consumer<Throwable> onFatal;

    /**
     * @param onFatal told when a read meets corruption
     */
    public KvService(StoreNode node, ReadPool reads, Consumer<Throwable> onFatal) {
        this.node = node;
        this.engine = node.engine();
        this.reads = reads;
        this.onFatal = onFatal;
    }

    @Override
    public void rawPut(RawPutRequest request, StreamObserver<RawPutResponse> out) {
        write(
                request.getContext(),
                region -> {
                    Bytes key = keyIn(region, RequestCheck.key(request.getKey()));
                    return new Command.RawPut(key, RequestCheck.value(request.getValue()));
                },
                _ -> RawPutResponse.getDefaultInstance(),
                new Answer<>(out, e -> RawPutResponse.newBuilder().setRegionError(e).build()));
    }

    @Override
    public void rawDelete(RawDeleteRequest request, StreamObserver<RawDeleteResponse> out) {
        write(
                request.getContext(),
                region -> new Command.RawDelete(keyIn(region, RequestCheck.key(request.getKey()))),
                _ -> RawDeleteResponse.getDefaultInstance(),
                new Answer<>(out, e -> RawDeleteResponse.newBuilder().setRegionError(e).build()));
    }

    @Override
    public void rawBatchPut(RawBatchPutRequest request, StreamObserver<RawBatchPutResponse> out) {
        write(
                request.getContext(),
                region -> {
                    var entries = RequestCheck.entries(request.getEntriesList());
                    entries.forEach(entry -> region.checkContains(entry.key()));
                    return new Command.RawPutAll(entries);
                },
                _ -> RawBatchPutResponse.getDefaultInstance(),
                new Answer<>(out, e -> RawBatchPutResponse.newBuilder().setRegionError(e).build()));
    }

    @Override
    public void compareAndSwap(
            CompareAndSwapRequest request, StreamObserver<CompareAndSwapResponse> out) {
        write(
                request.getContext(),
                region -> {
                    Bytes key = keyIn(region, RequestCheck.key(request.getKey()));
                    Bytes value = RequestCheck.value(request.getValue());
                    return new Command.CompareAndSwap(key, request.getExpectedVersion(), value);
                },
                outcome -> {
                    var response = CompareAndSwapResponse.newBuilder();
                    switch (outcome) {
                        case Outcome.Swapped swapped -> response.setSwapped(Wire.swapped(swapped));
                        case Outcome.Conflict conflict ->
                                response.setConflict(
                                        Wire.conflict(conflict, request.getWantCurrentValue()));
                        case Outcome.Written _ -> throw unexpected(outcome);
                    }
                    return response.build();
                },
                new Answer<>(
                        out, e -> CompareAndSwapResponse.newBuilder().setRegionError(e).build()));
    }

    @Override
    public void compareAndDelete(
            CompareAndDeleteRequest request, StreamObserver<CompareAndDeleteResponse> out) {
        write(
                request.getContext(),
                region ->
                        new Command.CompareAndDelete(
                                keyIn(region, RequestCheck.key(request.getKey())),
                                request.getExpectedVersion()),
                outcome -> {
                    var response = CompareAndDeleteResponse.newBuilder();
                    switch (outcome) {
                        case Outcome.Swapped swapped -> response.setSwapped(Wire.swapped(swapped));
                        case Outcome.Conflict conflict ->
                                response.setConflict(
                                        Wire.conflict(conflict, request.getWantCurrentValue()));
                        case Outcome.Written _ -> throw unexpected(outcome);
                    }
                    return response.build();
                },
                new Answer<>(
                        out, e -> CompareAndDeleteResponse.newBuilder().setRegionError(e).build()));
    }

    @Override
    public void rawGet(RawGetRequest request, StreamObserver<RawGetResponse> out) {
        read(
                request.getContext(),
                region -> {
                    Bytes value = engine.get(keyIn(region, RequestCheck.key(request.getKey())));
                    var response = RawGetResponse.newBuilder();
                    if (value != null) {
                        response.setValue(Wire.bytes(value));
                    }
                    return response.build();
                },
                new Answer<>(out, e -> RawGetResponse.newBuilder().setRegionError(e).build()));
    }

    @Override
    public void rawBatchGet(RawBatchGetRequest request, StreamObserver<RawBatchGetResponse> out) {
        read(
                request.getContext(),
                region -> {
                    List<Bytes> keys = RequestCheck.keys(request.getKeysList());
                    keys.forEach(region::checkContains);
                    var page = engine.getAll(keys, reads.limits().maxResponseBytes());
                    var response = RawBatchGetResponse.newBuilder().setKeysDone(page.keysDone());
                    page.entries().forEach(entry -> response.addEntries(Wire.entry(entry)));
                    return response.build();
                },
                new Answer<>(out, e -> RawBatchGetResponse.newBuilder().setRegionError(e).build()));
    }

    @Override
    public void rawScan(RawScanRequest request, StreamObserver<RawScanResponse> out) {
        read(
                request.getContext(),
                region -> {
                    KeyRange range = RequestCheck.range(request.getStartKey(), request.getEndKey());
                    var page =
                            engine.scan(
                                    region.clamp(range),
                                    RequestCheck.scanLimit(request.getLimit()),
                                    reads.limits().maxResponseBytes());
                    var response = RawScanResponse.newBuilder();
                    page.entries().forEach(entry -> response.addEntries(Wire.entry(entry)));
                    if (page.resumeKey() != null) {
                        response.setResumeKey(Wire.bytes(page.resumeKey()));
                    }
                    return response.build();
                },
                new Answer<>(out, e -> RawScanResponse.newBuilder().setRegionError(e).build()));
    }

    @Override
    public void casGet(CasGetRequest request, StreamObserver<CasGetResponse> out) {
        read(
                request.getContext(),
                region -> {
                    var found =
                            engine.getVersioned(keyIn(region, RequestCheck.key(request.getKey())));
                    var response = CasGetResponse.newBuilder();
                    if (found != null) {
                        response.setVersion(found.version()).setValue(Wire.bytes(found.value()));
                    }
                    return response.build();
                },
                new Answer<>(out, e -> CasGetResponse.newBuilder().setRegionError(e).build()));
    }

    @Override
    public void casScan(CasScanRequest request, StreamObserver<CasScanResponse> out) {
        read(
                request.getContext(),
                region -> {
                    KeyRange range = RequestCheck.range(request.getStartKey(), request.getEndKey());
                    var page =
                            engine.scanVersioned(
                                    region.clamp(range),
                                    RequestCheck.scanLimit(request.getLimit()),
                                    reads.limits().maxResponseBytes());
                    var response = CasScanResponse.newBuilder();
                    page.entries().forEach(entry -> response.addEntries(Wire.entry(entry)));
                    if (page.resumeKey() != null) {
                        response.setResumeKey(Wire.bytes(page.resumeKey()));
                    }
                    return response.build();
                },
                new Answer<>(out, e -> CasScanResponse.newBuilder().setRegionError(e).build()));
    }

    private <R> void write(
            RegionContext context,
            Function<RegionPeer, Command> command,
            Function<Outcome, R> response,
            Answer<R> answer) {
        try {
            RegionPeer region = node.region(context);
            node.propose(region, command.apply(region))
                    .thenApply(response)
                    .whenComplete((sent, failure) -> {
                        if (failure == null) {
                            answer.send(sent);
                        } else {
                            answer.fail(failure);
                        }
                    });
        } catch (RuntimeException e) {
            answer.fail(e);
        }
    }

    private <R> void read(RegionContext context, Function<RegionPeer, R> read, Answer<R> answer) {
        try {
            if (context.getStaleRead()) {
                reads.submit(() -> answer(() -> stale(node.replica(context), read), answer));
                return;
            }
            RegionPeer region = node.region(context);
            node.readable(region)
                    .whenComplete((ready, failure) -> {
                        if (failure == null) {
                            submit(() -> answer(() -> read.apply(region), answer), answer);
                        } else {
                            answer.fail(failure);
                        }
                    });
        } catch (RuntimeException e) {
            answer.fail(e);
        }
    }

    private void submit(Runnable read, Answer<?> answer) {
        try {
            reads.submit(read);
        } catch (RuntimeException e) {
            answer.fail(e);
        }
    }

    private <R> void answer(Supplier<R> read, Answer<R> answer) {
        try {
            answer.send(read.get());
        } catch (RuntimeException e) {
            answer.fail(e);
            if (e instanceof CorruptionException) {
                onFatal.accept(e);
            }
        }
    }

    /** Reads what is there, unless it is being replaced meanwhile. */
    private static <R> R stale(RegionPeer region, Function<RegionPeer, R> read) {
        long before = region.installations();
        R answer = read.apply(region);
        if (before < 0 || region.installations() != before) {
            throw RegionErrors.serverIsBusy(INSTALLING_BACKOFF);
        }
        return answer;
    }

    private static Bytes keyIn(RegionPeer region, Bytes key) {
        region.checkContains(key);
        return key;
    }

    private static IllegalStateException unexpected(Outcome outcome) {
        return new IllegalStateException("a compare-and-swap ended as " + outcome);
    }
}
