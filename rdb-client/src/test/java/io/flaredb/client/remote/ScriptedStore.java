package io.flaredb.client.remote;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import io.flaredb.client.VersionedValue;
import io.flaredb.proto.kv.CasGetRequest;
import io.flaredb.proto.kv.CasGetResponse;
import io.flaredb.proto.kv.CompareAndSwapRequest;
import io.flaredb.proto.kv.CompareAndSwapResponse;
import io.flaredb.proto.kv.Conflict;
import io.flaredb.proto.kv.FlareKvGrpc;
import io.flaredb.proto.kv.KeyValue;
import io.flaredb.proto.kv.RawBatchGetRequest;
import io.flaredb.proto.kv.RawBatchGetResponse;
import io.flaredb.proto.kv.RawBatchPutRequest;
import io.flaredb.proto.kv.RawBatchPutResponse;
import io.flaredb.proto.kv.RawGetRequest;
import io.flaredb.proto.kv.RawGetResponse;
import io.flaredb.proto.kv.RawPutRequest;
import io.flaredb.proto.kv.RawPutResponse;
import io.flaredb.proto.kv.RawScanRequest;
import io.flaredb.proto.kv.RawScanResponse;
import io.flaredb.proto.kv.RegionContext;
import io.flaredb.proto.kv.RegionError;
import io.flaredb.proto.kv.Swapped;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.NavigableMap;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Supplier;
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

    /** Longest page and longest batch of one answer. */
    volatile int answerEntries = 10_000;

    private final Queue<Step> script = new ConcurrentLinkedQueue<>();
    private volatile boolean hangingForever;
    private volatile @Nullable RegionError refusal;

    ScriptedStore() {
        this.raw = new ConcurrentSkipListMap<>();
        this.cas = new ConcurrentSkipListMap<>();
    }

    /** Another replica of the same data. */
    ScriptedStore(ScriptedStore replica) {
        this.raw = replica.raw;
        this.cas = replica.cas;
    }

    void then(Step... steps) {
        script.addAll(List.of(steps));
    }

    void hangFromNowOn() {
        hangingForever = true;
    }

    /** Turns away whatever the script has no step for; null: no more. */
    void refuseFromNowOn(@Nullable RegionError error) {
        refusal = error;
    }

    int calls() {
        return contexts.size();
    }

    private synchronized <A> void serve(
            RegionContext context,
            StreamObserver<A> out,
            Function<RegionError, A> refusal,
            Supplier<A> apply) {
        contexts.add(context);
        Step step = script.poll();
        if (step == null) {
            RegionError standing = this.refusal;
            step =
                    hangingForever
                            ? new Step.ApplyAndHang()
                            : standing != null ? new Step.Refuse(standing) : new Step.Answer();
        }
        if (step instanceof Step.Refuse refuse) {
            answer(out, refusal.apply(refuse.error()));
        } else if (step instanceof Step.Fail fail) {
            out.onError(fail.status().asRuntimeException());
        } else {
            A applied = apply.get();
            if (step instanceof Step.ApplyAndFail fail) {
                out.onError(fail.status().asRuntimeException());
            } else if (step instanceof Step.Answer) {
                answer(out, applied);
            }
        }
    }

    private static <A> void answer(StreamObserver<A> out, A answer) {
        out.onNext(answer);
        out.onCompleted();
    }

    @Override
    public void rawPut(RawPutRequest request, StreamObserver<RawPutResponse> out) {
        serve(
                request.getContext(),
                out,
                error -> RawPutResponse.newBuilder().setRegionError(error).build(),
                () -> {
                    raw.put(Wire.bytes(request.getKey()), Wire.bytes(request.getValue()));
                    return RawPutResponse.getDefaultInstance();
                });
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
                out,
                error -> RawBatchPutResponse.newBuilder().setRegionError(error).build(),
                () -> {
                    for (KeyValue entry : request.getEntriesList()) {
                        raw.put(Wire.bytes(entry.getKey()), Wire.bytes(entry.getValue()));
                    }
                    return RawBatchPutResponse.getDefaultInstance();
                });
    }

    @Override
    public void compareAndSwap(
            CompareAndSwapRequest request, StreamObserver<CompareAndSwapResponse> out) {
        serve(
                request.getContext(),
                out,
                error -> CompareAndSwapResponse.newBuilder().setRegionError(error).build(),
                () -> swap(request));
    }

    private CompareAndSwapResponse swap(CompareAndSwapRequest request) {
        Bytes key = Wire.bytes(request.getKey());
        VersionedValue current = cas.get(key);
        long version = current == null ? 0 : current.version();
        if (version == request.getExpectedVersion()) {
            cas.put(key, new VersionedValue(version + 1, Wire.bytes(request.getValue())));
            return CompareAndSwapResponse.newBuilder()
                    .setSwapped(Swapped.newBuilder().setVersion(version + 1))
                    .build();
        }
        Conflict.Builder conflict = Conflict.newBuilder().setCurrentVersion(version);
        if (current != null) {
            conflict.setCurrentValue(Wire.of(current.value()));
        }
        return CompareAndSwapResponse.newBuilder().setConflict(conflict).build();
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
