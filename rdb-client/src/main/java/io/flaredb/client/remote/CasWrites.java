package io.flaredb.client.remote;

import io.flaredb.bytes.Bytes;
import io.flaredb.client.CasBatchResult;
import io.flaredb.client.CasOperation;
import io.flaredb.client.CasResult;
import io.flaredb.client.retry.Deadline;
import io.flaredb.client.retry.RetryLoop;
import io.flaredb.client.spi.SeveralRegions;
import io.flaredb.proto.kv.CasBatchRequest;
import io.flaredb.proto.kv.CasCheck;
import io.flaredb.proto.kv.CasDelete;
import io.flaredb.proto.kv.CompareAndDeleteRequest;
import io.flaredb.proto.kv.CompareAndSwapRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Swaps, deletes and checks. The answer to a repeat does not bring the value of a conflict along,
 * nor does each answer where many have large ones; since that write had no effect, it is done once
 * more as a new one. Thread-safe.
 */
final class CasWrites {
    private final Router router;
    private final Writes writes;
    private final RetryLoop retry;

    CasWrites(Router router, Writes writes, RetryLoop retry) {
        this.router = router;
        this.writes = writes;
        this.retry = retry;
    }

    CompletableFuture<CasResult> swap(
            Bytes key, long expectedVersion, Bytes value, Deadline deadline) {
        return writes.write(
                        List.of(key),
                        StoreMethod.COMPARE_AND_SWAP,
                        (route, id) ->
                                CompareAndSwapRequest.newBuilder()
                                        .setContext(route.context())
                                        .setRequestId(id)
                                        .setKey(Wire.of(key))
                                        .setExpectedVersion(expectedVersion)
                                        .setValue(Wire.of(value))
                                        .setWantCurrentValue(true)
                                        .build(),
                        deadline)
                .thenCompose(answer ->
                        Answers.lacksValue(answer.getConflict())
                                ? swap(key, expectedVersion, value, deadline)
                                : CompletableFuture.completedFuture(Answers.result(answer)));
    }

    CompletableFuture<CasResult> delete(Bytes key, long expectedVersion, Deadline deadline) {
        return writes.write(
                        List.of(key),
                        StoreMethod.COMPARE_AND_DELETE,
                        (route, id) ->
                                CompareAndDeleteRequest.newBuilder()
                                        .setContext(route.context())
                                        .setRequestId(id)
                                        .setKey(Wire.of(key))
                                        .setExpectedVersion(expectedVersion)
                                        .setWantCurrentValue(true)
                                        .build(),
                        deadline)
                .thenCompose(answer ->
                        Answers.lacksValue(answer.getConflict())
                                ? delete(key, expectedVersion, deadline)
                                : CompletableFuture.completedFuture(Answers.result(answer)));
    }

    CompletableFuture<CasBatchResult> batch(List<CasOperation> operations, Deadline deadline) {
        List<Bytes> keys = operations.stream().map(CasOperation::key).toList();
        List<io.flaredb.proto.kv.CasOperation> wire =
                operations.stream().map(CasWrites::wire).toList();
        return writes.write(
                        keys,
                        StoreMethod.CAS_BATCH,
                        (route, id) ->
                                CasBatchRequest.newBuilder()
                                        .setContext(route.context())
                                        .setRequestId(id)
                                        .addAllOperations(wire)
                                        .build(),
                        deadline)
                .thenApply(answer -> Answers.result(keys, answer))
                .exceptionallyCompose(error -> {
                    Throwable cause = RetryLoop.unwrap(error);
                    return cause instanceof OtherRegionException other
                            ? refused(operations, other, deadline)
                            : CompletableFuture.failedFuture(cause);
                });
    }

    private static io.flaredb.proto.kv.CasOperation wire(CasOperation operation) {
        io.flaredb.proto.kv.CasOperation.Builder wire =
                io.flaredb.proto.kv.CasOperation.newBuilder()
                        .setKey(Wire.of(operation.key()))
                        .setExpectedVersion(operation.expectedVersion());
        if (operation instanceof CasOperation.Swap swap) {
            wire.setSwap(Wire.of(swap.value()));
        } else if (operation instanceof CasOperation.Delete) {
            wire.setDelete(CasDelete.getDefaultInstance());
        } else {
            wire.setCheck(CasCheck.getDefaultInstance());
        }
        return wire.build();
    }

    /** Keys are of several regions, unless routes have changed this moment. */
    private CompletableFuture<CasBatchResult> refused(
            List<CasOperation> operations, OtherRegionException other, Deadline deadline) {
        return retry.run(deadline, () -> router.find(other.outside(), deadline))
                .thenCompose(route -> {
                    if (route.regionId() == other.regionId()) {
                        return batch(operations, deadline);
                    }
                    throw SeveralRegions.refused(
                            operations.get(0).key(),
                            other.regionId(),
                            other.outside(),
                            route.regionId());
                });
    }
}
