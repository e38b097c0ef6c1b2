package io.flaredb.client.remote;

import io.flaredb.proto.kv.BatchAnswer;
import io.flaredb.proto.kv.BatchAnswer.ResponseCase;
import io.flaredb.proto.kv.BatchCommand;
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
import io.flaredb.proto.kv.ResolveWriteRequest;
import io.flaredb.proto.kv.ResolveWriteResponse;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A method of the store; these here are those on keys.
 *
 * @param way how its requests travel
 * @param effect what a call may have done when its answer is missing
 * @param regionError the region error of an answer, or null
 */
record StoreMethod<Q, A>(
        Way<Q, A> way, Effect effect, Function<A, @Nullable RegionError> regionError) {

    /** Whether a call changes anything. */
    enum Effect {
        NONE,
        /** Of keys: answered soon, and safe to repeat under its number. */
        WRITE,
        /** Of a region: may take long. */
        CHANGE
    }

    static final StoreMethod<RawPutRequest, RawPutResponse> RAW_PUT =
            new StoreMethod<>(
                    new Way.Together<>(
                            BatchCommand.Builder::setRawPut,
                            ResponseCase.RAW_PUT,
                            BatchAnswer::getRawPut),
                    Effect.WRITE,
                    a -> a.hasRegionError() ? a.getRegionError() : null);

    static final StoreMethod<RawGetRequest, RawGetResponse> RAW_GET =
            new StoreMethod<>(
                    new Way.Together<>(
                            BatchCommand.Builder::setRawGet,
                            ResponseCase.RAW_GET,
                            BatchAnswer::getRawGet),
                    Effect.NONE,
                    a -> a.hasRegionError() ? a.getRegionError() : null);

    static final StoreMethod<RawDeleteRequest, RawDeleteResponse> RAW_DELETE =
            new StoreMethod<>(
                    new Way.Together<>(
                            BatchCommand.Builder::setRawDelete,
                            ResponseCase.RAW_DELETE,
                            BatchAnswer::getRawDelete),
                    Effect.WRITE,
                    a -> a.hasRegionError() ? a.getRegionError() : null);

    static final StoreMethod<RawScanRequest, RawScanResponse> RAW_SCAN =
            new StoreMethod<>(
                    new Way.Alone<>(FlareKvGrpc.getRawScanMethod()),
                    Effect.NONE,
                    a -> a.hasRegionError() ? a.getRegionError() : null);

    static final StoreMethod<RawBatchGetRequest, RawBatchGetResponse> RAW_BATCH_GET =
            new StoreMethod<>(
                    new Way.Alone<>(FlareKvGrpc.getRawBatchGetMethod()),
                    Effect.NONE,
                    a -> a.hasRegionError() ? a.getRegionError() : null);

    static final StoreMethod<RawBatchPutRequest, RawBatchPutResponse> RAW_BATCH_PUT =
            new StoreMethod<>(
                    new Way.Alone<>(FlareKvGrpc.getRawBatchPutMethod()),
                    Effect.WRITE,
                    a -> a.hasRegionError() ? a.getRegionError() : null);

    static final StoreMethod<CompareAndSwapRequest, CompareAndSwapResponse> COMPARE_AND_SWAP =
            new StoreMethod<>(
                    new Way.Together<>(
                            BatchCommand.Builder::setCompareAndSwap,
                            ResponseCase.COMPARE_AND_SWAP,
                            BatchAnswer::getCompareAndSwap),
                    Effect.WRITE,
                    a -> a.hasRegionError() ? a.getRegionError() : null);

    static final StoreMethod<CompareAndDeleteRequest, CompareAndDeleteResponse> COMPARE_AND_DELETE =
            new StoreMethod<>(
                    new Way.Together<>(
                            BatchCommand.Builder::setCompareAndDelete,
                            ResponseCase.COMPARE_AND_DELETE,
                            BatchAnswer::getCompareAndDelete),
                    Effect.WRITE,
                    a -> a.hasRegionError() ? a.getRegionError() : null);

    static final StoreMethod<CasGetRequest, CasGetResponse> CAS_GET =
            new StoreMethod<>(
                    new Way.Together<>(
                            BatchCommand.Builder::setCasGet,
                            ResponseCase.CAS_GET,
                            BatchAnswer::getCasGet),
                    Effect.NONE,
                    a -> a.hasRegionError() ? a.getRegionError() : null);

    static final StoreMethod<CasBatchRequest, CasBatchResponse> CAS_BATCH =
            new StoreMethod<>(
                    new Way.Alone<>(FlareKvGrpc.getCasBatchMethod()),
                    Effect.WRITE,
                    a -> a.hasRegionError() ? a.getRegionError() : null);

    static final StoreMethod<ResolveWriteRequest, ResolveWriteResponse> RESOLVE_WRITE =
            new StoreMethod<>(
                    new Way.Alone<>(FlareKvGrpc.getResolveWriteMethod()),
                    Effect.NONE, // settled is settled, however often it is asked for
                    a -> a.hasRegionError() ? a.getRegionError() : null);

    static final StoreMethod<CasScanRequest, CasScanResponse> CAS_SCAN =
            new StoreMethod<>(
                    new Way.Alone<>(FlareKvGrpc.getCasScanMethod()),
                    Effect.NONE,
                    a -> a.hasRegionError() ? a.getRegionError() : null);
}
