package io.flaredb.client.remote;

import io.flaredb.proto.kv.CasGetRequest;
import io.flaredb.proto.kv.CasGetResponse;
import io.flaredb.proto.kv.CasScanRequest;
import io.flaredb.proto.kv.CasScanResponse;
import io.flaredb.proto.kv.CompareAndDeleteRequest;
import io.flaredb.proto.kv.CompareAndDeleteResponse;
import io.flaredb.proto.kv.CompareAndSwapRequest;
import io.flaredb.proto.kv.CompareAndSwapResponse;
import io.flaredb.proto.kv.FlareKvGrpc;
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
import io.grpc.MethodDescriptor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A method of the store.
 *
 * @param effect what a call may have done when its answer is missing
 * @param regionError the region error of an answer, or null
 */
record KvMethod<Q, A>(
        MethodDescriptor<Q, A> descriptor,
        Effect effect,
        Function<A, @Nullable RegionError> regionError) {

    /** Whether a call changes anything. */
    enum Effect {
        NONE,
        WRITE
    }

    static final KvMethod<RawPutRequest, RawPutResponse> RAW_PUT =
            new KvMethod<>(
                    FlareKvGrpc.getRawPutMethod(),
                    Effect.WRITE,
                    a -> a.hasRegionError() ? a.getRegionError() : null);

    static final KvMethod<RawGetRequest, RawGetResponse> RAW_GET =
            new KvMethod<>(
                    FlareKvGrpc.getRawGetMethod(),
                    Effect.NONE,
                    a -> a.hasRegionError() ? a.getRegionError() : null);

    static final KvMethod<RawDeleteRequest, RawDeleteResponse> RAW_DELETE =
            new KvMethod<>(
                    FlareKvGrpc.getRawDeleteMethod(),
                    Effect.WRITE,
                    a -> a.hasRegionError() ? a.getRegionError() : null);

    static final KvMethod<RawScanRequest, RawScanResponse> RAW_SCAN =
            new KvMethod<>(
                    FlareKvGrpc.getRawScanMethod(),
                    Effect.NONE,
                    a -> a.hasRegionError() ? a.getRegionError() : null);

    static final KvMethod<RawBatchGetRequest, RawBatchGetResponse> RAW_BATCH_GET =
            new KvMethod<>(
                    FlareKvGrpc.getRawBatchGetMethod(),
                    Effect.NONE,
                    a -> a.hasRegionError() ? a.getRegionError() : null);

    static final KvMethod<RawBatchPutRequest, RawBatchPutResponse> RAW_BATCH_PUT =
            new KvMethod<>(
                    FlareKvGrpc.getRawBatchPutMethod(),
                    Effect.WRITE,
                    a -> a.hasRegionError() ? a.getRegionError() : null);

    static final KvMethod<CompareAndSwapRequest, CompareAndSwapResponse> COMPARE_AND_SWAP =
            new KvMethod<>(
                    FlareKvGrpc.getCompareAndSwapMethod(),
                    Effect.WRITE,
                    a -> a.hasRegionError() ? a.getRegionError() : null);

    static final KvMethod<CompareAndDeleteRequest, CompareAndDeleteResponse> COMPARE_AND_DELETE =
            new KvMethod<>(
                    FlareKvGrpc.getCompareAndDeleteMethod(),
                    Effect.WRITE,
                    a -> a.hasRegionError() ? a.getRegionError() : null);

    static final KvMethod<CasGetRequest, CasGetResponse> CAS_GET =
            new KvMethod<>(
                    FlareKvGrpc.getCasGetMethod(),
                    Effect.NONE,
                    a -> a.hasRegionError() ? a.getRegionError() : null);

    static final KvMethod<CasScanRequest, CasScanResponse> CAS_SCAN =
            new KvMethod<>(
                    FlareKvGrpc.getCasScanMethod(),
                    Effect.NONE,
                    a -> a.hasRegionError() ? a.getRegionError() : null);
}
