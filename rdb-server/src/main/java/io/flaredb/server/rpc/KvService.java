package io.flaredb.server.rpc;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import io.flaredb.proto.kv.BatchCommandsRequest;
import io.flaredb.proto.kv.BatchCommandsResponse;
import io.flaredb.proto.kv.CasBatchRequest;
import io.flaredb.proto.kv.CasBatchResponse;
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
import io.flaredb.proto.kv.ResolveWriteRequest;
import io.flaredb.proto.kv.ResolveWriteResponse;
import io.flaredb.rpc.EventLoops;
import io.flaredb.server.StoreNode;
import io.flaredb.server.read.ReadPool;
import io.flaredb.server.region.RegionErrors;
import io.flaredb.server.region.RegionPeer;
import io.flaredb.storage.CorruptionException;
import io.flaredb.storage.StorageEngine;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** The store's service of kvrpc.proto. Thread-safe. */
public final class KvService extends FlareKvImplBase {
    private static final Duration INSTALLING_BACKOFF = Duration.ofMillis(500);

    private final StoreNode node;
    private final StorageEngine engine;
    private final ReadPool reads;
    private final WriteCalls writes;
    private final Consumer<Throwable> onFatal;
    private final EventLoops loops;
    private final Set<CommandStream> streams = ConcurrentHashMap.newKeySet();

    /**
     * @param onFatal told when a read meets corruption
     * @param loops those that serve this service
     */
    public KvService(
            StoreNode node, ReadPool reads, Consumer<Throwable> onFatal, EventLoops loops) {
        this.loops = loops;
        this.node = node;
        this.engine = node.engine();
        this.reads = reads;
        this.writes = new WriteCalls(node);
        this.onFatal = onFatal;
    }

    @Override
    public void rawPut(RawPutRequest request, StreamObserver<RawPutResponse> out) {
        writes.rawPut(
                request,
                new Answer<>(out, e -> RawPutResponse.newBuilder().setRegionError(e).build()));
    }

    @Override
    public void rawDelete(RawDeleteRequest request, StreamObserver<RawDeleteResponse> out) {
        writes.rawDelete(
                request,
                new Answer<>(out, e -> RawDeleteResponse.newBuilder().setRegionError(e).build()));
    }

    @Override
    public void rawBatchPut(RawBatchPutRequest request, StreamObserver<RawBatchPutResponse> out) {
        writes.rawBatchPut(
                request,
                new Answer<>(out, e -> RawBatchPutResponse.newBuilder().setRegionError(e).build()));
    }

    @Override
    public void compareAndSwap(
            CompareAndSwapRequest request, StreamObserver<CompareAndSwapResponse> out) {
        writes.compareAndSwap(
                request,
                new Answer<>(
                        out, e -> CompareAndSwapResponse.newBuilder().setRegionError(e).build()));
    }

    @Override
    public void compareAndDelete(
            CompareAndDeleteRequest request, StreamObserver<CompareAndDeleteResponse> out) {
        writes.compareAndDelete(
                request,
                new Answer<>(
                        out, e -> CompareAndDeleteResponse.newBuilder().setRegionError(e).build()));
    }

    @Override
    public void casBatch(CasBatchRequest request, StreamObserver<CasBatchResponse> out) {
        writes.casBatch(
                request,
                new Answer<>(out, e -> CasBatchResponse.newBuilder().setRegionError(e).build()));
    }

    @Override
    public void resolveWrite(
            ResolveWriteRequest request, StreamObserver<ResolveWriteResponse> out) {
        writes.resolve(
                request,
                new Answer<>(
                        out, e -> ResolveWriteResponse.newBuilder().setRegionError(e).build()));
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

    @Override
    public StreamObserver<BatchCommandsRequest> batchCommands(
            StreamObserver<BatchCommandsResponse> out) {
        CommandStream stream =
                new CommandStream(
                        this,
                        (ServerCallStreamObserver<BatchCommandsResponse>) out,
                        loops.current(),
                        streams::remove);
        streams.add(stream);
        return stream;
    }

    /**
     * Takes nothing more from the streams that are open, and ends each once what it has taken is
     * answered. No call is to be accepted any more.
     */
    public void endStreams() {
        streams.forEach(CommandStream::end);
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
            if (!answer.hasRoom()) {
                throw RegionErrors.serverIsBusy(
                        Duration.ofMillis(reads.limits().busyBackoffMillis()));
            }
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
}
