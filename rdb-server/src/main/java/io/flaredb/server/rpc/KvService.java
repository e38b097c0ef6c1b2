package io.flaredb.server.rpc;

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
import io.flaredb.proto.kv.RegionError;
import io.flaredb.proto.kv.ResolveWriteRequest;
import io.flaredb.proto.kv.ResolveWriteResponse;
import io.flaredb.rpc.EventLoops;
import io.flaredb.server.StoreNode;
import io.flaredb.server.read.ReadPool;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;

/** The store's service of kvrpc.proto. Thread-safe. */
public final class KvService extends FlareKvImplBase {
    private final ReadCalls reads;
    private final WriteCalls writes;
    private final EventLoops loops;
    private final UnsentAnswers unsent;
    private final Set<CommandStream> streams = ConcurrentHashMap.newKeySet();
    private volatile boolean ended;

    /**
     * @param onFatal told when a read meets corruption
     * @param loops those that serve this service
     */
    public KvService(
            StoreNode node, ReadPool reads, Consumer<Throwable> onFatal, EventLoops loops) {
        this.reads = new ReadCalls(node, reads, onFatal);
        this.writes = new WriteCalls(node);
        this.loops = loops;
        this.unsent = new UnsentAnswers(reads.limits().maxUnsentBytes());
    }

    /**
     * @param out of a call of its own, or of a command of a stream
     */
    private <R> Answer<R> answer(StreamObserver<R> out, Function<RegionError, R> refused) {
        return new Answer<>(
                out instanceof ServerCallStreamObserver<R> call
                        ? new CallAnswer<>(call, unsent)
                        : out,
                refused);
    }

    @Override
    public void rawPut(RawPutRequest request, StreamObserver<RawPutResponse> out) {
        writes.rawPut(
                request, answer(out, e -> RawPutResponse.newBuilder().setRegionError(e).build()));
    }

    @Override
    public void rawDelete(RawDeleteRequest request, StreamObserver<RawDeleteResponse> out) {
        writes.rawDelete(
                request,
                answer(out, e -> RawDeleteResponse.newBuilder().setRegionError(e).build()));
    }

    @Override
    public void rawBatchPut(RawBatchPutRequest request, StreamObserver<RawBatchPutResponse> out) {
        writes.rawBatchPut(
                request,
                answer(out, e -> RawBatchPutResponse.newBuilder().setRegionError(e).build()));
    }

    @Override
    public void compareAndSwap(
            CompareAndSwapRequest request, StreamObserver<CompareAndSwapResponse> out) {
        writes.compareAndSwap(
                request,
                answer(out, e -> CompareAndSwapResponse.newBuilder().setRegionError(e).build()));
    }

    @Override
    public void compareAndDelete(
            CompareAndDeleteRequest request, StreamObserver<CompareAndDeleteResponse> out) {
        writes.compareAndDelete(
                request,
                answer(out, e -> CompareAndDeleteResponse.newBuilder().setRegionError(e).build()));
    }

    @Override
    public void casBatch(CasBatchRequest request, StreamObserver<CasBatchResponse> out) {
        writes.casBatch(
                request, answer(out, e -> CasBatchResponse.newBuilder().setRegionError(e).build()));
    }

    @Override
    public void resolveWrite(
            ResolveWriteRequest request, StreamObserver<ResolveWriteResponse> out) {
        writes.resolve(
                request,
                answer(out, e -> ResolveWriteResponse.newBuilder().setRegionError(e).build()));
    }

    @Override
    public void rawGet(RawGetRequest request, StreamObserver<RawGetResponse> out) {
        reads.rawGet(
                request, answer(out, e -> RawGetResponse.newBuilder().setRegionError(e).build()));
    }

    @Override
    public void rawBatchGet(RawBatchGetRequest request, StreamObserver<RawBatchGetResponse> out) {
        reads.rawBatchGet(
                request,
                answer(out, e -> RawBatchGetResponse.newBuilder().setRegionError(e).build()));
    }

    @Override
    public void rawScan(RawScanRequest request, StreamObserver<RawScanResponse> out) {
        reads.rawScan(
                request, answer(out, e -> RawScanResponse.newBuilder().setRegionError(e).build()));
    }

    @Override
    public void casGet(CasGetRequest request, StreamObserver<CasGetResponse> out) {
        reads.casGet(
                request, answer(out, e -> CasGetResponse.newBuilder().setRegionError(e).build()));
    }

    @Override
    public void casScan(CasScanRequest request, StreamObserver<CasScanResponse> out) {
        reads.casScan(
                request, answer(out, e -> CasScanResponse.newBuilder().setRegionError(e).build()));
    }

    @Override
    public StreamObserver<BatchCommandsRequest> batchCommands(
            StreamObserver<BatchCommandsResponse> out) {
        CommandStream stream =
                new CommandStream(
                        this,
                        (ServerCallStreamObserver<BatchCommandsResponse>) out,
                        loops.current(),
                        unsent,
                        streams::remove);
        streams.add(stream);
        if (ended) { // or ending has missed this one
            stream.end();
        }
        return stream;
    }

    /**
     * Takes nothing more from the streams, and ends each once what it has taken is answered:
     * whoever stops the server would wait for them for ever.
     */
    public void endStreams() {
        ended = true;
        streams.forEach(CommandStream::end);
    }
}
