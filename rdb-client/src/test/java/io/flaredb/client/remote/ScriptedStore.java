package io.flaredb.client.remote;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import io.flaredb.client.VersionedValue;
import io.flaredb.proto.kv.BatchCommandsRequest;
import io.flaredb.proto.kv.BatchCommandsResponse;
import io.flaredb.proto.kv.CasBatchRequest;
import io.flaredb.proto.kv.CasBatchResponse;
import io.flaredb.proto.kv.CasGetRequest;
import io.flaredb.proto.kv.CasGetResponse;
import io.flaredb.proto.kv.CompareAndDeleteRequest;
import io.flaredb.proto.kv.CompareAndDeleteResponse;
import io.flaredb.proto.kv.CompareAndSwapRequest;
import io.flaredb.proto.kv.CompareAndSwapResponse;
import io.flaredb.proto.kv.FlareKvGrpc;
import io.flaredb.proto.kv.KeyValue;
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
import io.flaredb.proto.kv.RegionError;
import io.flaredb.proto.kv.RequestId;
import io.flaredb.proto.kv.ResolveWriteRequest;
import io.flaredb.proto.kv.ResolveWriteResponse;
import io.flaredb.proto.kv.Swapped;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.NavigableMap;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A store in memory that treats each call as the next step of its script says, and as a store
 * should once the script is over.
 */
final class ScriptedStore extends FlareKvGrpc.FlareKvImplBase {
    /** What happens to one call. */
    sealed interface Step {
        /** It is turned away. */
        record Refuse(RegionError error) implements Step {}

        /** It fails and had no effect. */
        record Fail(Status status) implements Step {}

        /** It is carried out, but its answer is lost. */
        record ApplyAndFail(Status status) implements Step {}

        /** It is carried out and never answered. */
        record ApplyAndHang() implements Step {}

        /** It is answered as it should. */
        record Answer() implements Step {}
    }

    final NavigableMap<Bytes, Bytes> raw;
    final NavigableMap<Bytes, VersionedValue> cas;
    final List<RegionContext> contexts = new CopyOnWriteArrayList<>();

    /** Those of the writes, attempt by attempt. */
    final List<RequestId> ids = new CopyOnWriteArrayList<>();

    /** How many commands each message of a stream had. */
    final List<Integer> messageSizes = new CopyOnWriteArrayList<>();

    /** How many entries each scan asked for. */
    final List<Integer> scanLimits = new CopyOnWriteArrayList<>();

    final AtomicInteger streams = new AtomicInteger();
    final AtomicInteger endedStreams = new AtomicInteger();

    private final ScriptedRequests requests;

    /** Longest page and longest batch of one answer. */
    volatile int answerEntries = 10_000;

    private final Queue<Step> script = new ConcurrentLinkedQueue<>();
    private volatile Step standing = new Step.Answer(); // once the script is over

    ScriptedStore() {
        this.raw = new ConcurrentSkipListMap<>();
        this.cas = new ConcurrentSkipListMap<>();
        this.requests = new ScriptedRequests();
    }

    /** Another replica of the same data. */
    ScriptedStore(ScriptedStore replica) {
        this.raw = replica.raw;
        this.cas = replica.cas;
        this.requests = replica.requests;
    }

    void then(Step... steps) {
        script.addAll(List.of(steps));
    }

    void hangFromNowOn() {
        fromNowOn(new Step.ApplyAndHang());
    }

    /** Turns away whatever the script has no step for; null: no more. */
    void refuseFromNowOn(@Nullable RegionError error) {
        fromNowOn(error == null ? new Step.Answer() : new Step.Refuse(error));
    }

    /** What happens to whatever the script has no step for. */
    void fromNowOn(Step step) {
        standing = step;
    }

    int calls() {
        return contexts.size();
    }

    private <A> void serve(
            RegionContext context,
            StreamObserver<A> out,
            Function<RegionError, A> refusal,
            Supplier<A> apply) {
        serve(context, null, out, refusal, apply, repeated -> repeated);
    }

    /**
     * @param id null: not a write
     * @param repeated the answer to a repeat, made from the first one
     */
    private synchronized <A> void serve(
            RegionContext context,
            @Nullable RequestId id,
            StreamObserver<A> out,
            Function<RegionError, A> refusal,
            Supplier<A> apply,
            UnaryOperator<A> repeated) {
        contexts.add(context);
        if (id != null) {
            ids.add(id);
        }
        Step step = script.poll();
        if (step == null) {
            step = standing;
        }
        if (step instanceof Step.Refuse refuse) {
            answer(out, refusal.apply(refuse.error()));
        } else if (step instanceof Step.Fail fail) {
            out.onError(fail.status().asRuntimeException());
        } else {
            A applied = id == null ? apply.get() : requests.apply(id, refusal, apply, repeated);
            if (step instanceof Step.ApplyAndFail fail) {
                out.onError(fail.status().asRuntimeException());
            } else if (step instanceof Step.Answer) {
                answer(out, applied);
            }
        }
    }

    @Override
    public StreamObserver<BatchCommandsRequest> batchCommands(
            StreamObserver<BatchCommandsResponse> out) {
        return new ScriptedStream(this, out);
    }

    private static <A> void answer(StreamObserver<A> out, A answer) {
        out.onNext(answer);
        out.onCompleted();
    }

    @Override
    public void rawPut(RawPutRequest request, StreamObserver<RawPutResponse> out) {
        serve(
                request.getContext(),
                request.getRequestId(),
                out,
                error -> RawPutResponse.newBuilder().setRegionError(error).build(),
                () -> {
                    raw.put(Wire.bytes(request.getKey()), Wire.bytes(request.getValue()));
                    return RawPutResponse.getDefaultInstance();
                },
                repeated -> repeated);
    }

    @Override
    public void rawDelete(RawDeleteRequest request, StreamObserver<RawDeleteResponse> out) {
        serve(
                request.getContext(),
                request.getRequestId(),
                out,
                error -> RawDeleteResponse.newBuilder().setRegionError(error).build(),
                () -> {
                    raw.remove(Wire.bytes(request.getKey()));
                    return RawDeleteResponse.getDefaultInstance();
                },
                repeated -> repeated);
    }

    @Override
    public void rawGet(RawGetRequest request, StreamObserver<RawGetResponse> out) {
        serve(
                request.getContext(),
                out,
                error -> RawGetResponse.newBuilder().setRegionError(error).build(),
                () -> {
                    RawGetResponse.Builder response = RawGetResponse.newBuilder();
                    Bytes value = raw.get(Wire.bytes(request.getKey()));
                    if (value != null) {
                        response.setValue(Wire.of(value));
                    }
                    return response.build();
                });
    }

    @Override
    public void rawScan(RawScanRequest request, StreamObserver<RawScanResponse> out) {
        scanLimits.add(request.getLimit());
        serve(
                request.getContext(),
                out,
                error -> RawScanResponse.newBuilder().setRegionError(error).build(),
                () -> {
                    KeyRange range =
                            new KeyRange(
                                    Wire.bytes(request.getStartKey()),
                                    Wire.bytes(request.getEndKey()));
                    RawScanResponse.Builder response = RawScanResponse.newBuilder();
                    for (var entry : raw.entrySet()) {
                        if (!range.contains(entry.getKey())) {
                            continue;
                        }
                        if (response.getEntriesCount()
                                == Math.min(answerEntries, request.getLimit())) {
                            response.setResumeKey(Wire.of(entry.getKey()));
                            break;
                        }
                        response.addEntries(keyValue(entry.getKey(), entry.getValue()));
                    }
                    return response.build();
                });
    }

    @Override
    public void rawBatchGet(RawBatchGetRequest request, StreamObserver<RawBatchGetResponse> out) {
        serve(
                request.getContext(),
                out,
                error -> RawBatchGetResponse.newBuilder().setRegionError(error).build(),
                () -> {
                    int done = Math.min(answerEntries, request.getKeysCount());
                    RawBatchGetResponse.Builder response =
                            RawBatchGetResponse.newBuilder().setKeysDone(done);
                    for (var wireKey : request.getKeysList().subList(0, done)) {
                        Bytes value = raw.get(Wire.bytes(wireKey));
                        if (value != null) {
                            response.addEntries(keyValue(Wire.bytes(wireKey), value));
                        }
                    }
                    return response.build();
                });
    }

    @Override
    public void rawBatchPut(RawBatchPutRequest request, StreamObserver<RawBatchPutResponse> out) {
        serve(
                request.getContext(),
                request.getRequestId(),
                out,
                error -> RawBatchPutResponse.newBuilder().setRegionError(error).build(),
                () -> {
                    for (KeyValue entry : request.getEntriesList()) {
                        raw.put(Wire.bytes(entry.getKey()), Wire.bytes(entry.getValue()));
                    }
                    return RawBatchPutResponse.getDefaultInstance();
                },
                repeated -> repeated);
    }

    @Override
    public void compareAndSwap(
            CompareAndSwapRequest request, StreamObserver<CompareAndSwapResponse> out) {
        serve(
                request.getContext(),
                request.getRequestId(),
                out,
                error -> CompareAndSwapResponse.newBuilder().setRegionError(error).build(),
                () -> ScriptedSwaps.swap(cas, request),
                ScriptedSwaps::withoutValue);
    }

    @Override
    public void compareAndDelete(
            CompareAndDeleteRequest request, StreamObserver<CompareAndDeleteResponse> out) {
        serve(
                request.getContext(),
                request.getRequestId(),
                out,
                error -> CompareAndDeleteResponse.newBuilder().setRegionError(error).build(),
                () -> {
                    cas.remove(Wire.bytes(request.getKey())); // whatever its version
                    return CompareAndDeleteResponse.newBuilder()
                            .setSwapped(Swapped.getDefaultInstance())
                            .build();
                },
                repeated -> repeated);
    }

    @Override
    public void casBatch(CasBatchRequest request, StreamObserver<CasBatchResponse> out) {
        serve(
                request.getContext(),
                request.getRequestId(),
                out,
                error -> CasBatchResponse.newBuilder().setRegionError(error).build(),
                () -> ScriptedSwaps.batch(cas, request),
                repeated -> repeated);
    }

    @Override
    public void resolveWrite(
            ResolveWriteRequest request, StreamObserver<ResolveWriteResponse> out) {
        serve(
                request.getContext(),
                out,
                error -> ResolveWriteResponse.newBuilder().setRegionError(error).build(),
                () -> requests.settle(request.getRequestId()));
    }

    @Override
    public void casGet(CasGetRequest request, StreamObserver<CasGetResponse> out) {
        serve(
                request.getContext(),
                out,
                error -> CasGetResponse.newBuilder().setRegionError(error).build(),
                () -> {
                    VersionedValue current = cas.get(Wire.bytes(request.getKey()));
                    return current == null
                            ? CasGetResponse.getDefaultInstance()
                            : CasGetResponse.newBuilder()
                                    .setVersion(current.version())
                                    .setValue(Wire.of(current.value()))
                                    .build();
                });
    }

    private static KeyValue keyValue(Bytes key, Bytes value) {
        return KeyValue.newBuilder().setKey(Wire.of(key)).setValue(Wire.of(value)).build();
    }
}
