package io.flaredb.client.remote;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import io.flaredb.client.RefusedException;
import io.flaredb.client.retry.Deadline;
import io.flaredb.client.retry.RetryLoop;
import io.flaredb.client.retry.RetryableException;
import io.flaredb.client.spi.Page;
import io.flaredb.proto.kv.RegionError;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Sends requests to the stores of regions, and heeds their region errors. Thread-safe. */
final class RegionCalls {
    private final Channels channels;
    private final Router router;
    private final RetryLoop retry;

    RegionCalls(Channels channels, Router router, RetryLoop retry) {
        this.channels = channels;
        this.router = router;
        this.retry = retry;
    }

    /** A request about one key. */
    <Q, A> CompletableFuture<A> onKey(
            Bytes key, StoreMethod<Q, A> method, Function<Route, Q> request, Deadline deadline) {
        return retry.run(
                deadline,
                () ->
                        router.find(key, deadline)
                                .thenCompose(route ->
                                        once(route, method, request.apply(route), deadline)));
    }

    /** Scans a range as far as the region goes that holds its start. */
    <Q, A, E> CompletableFuture<Page<E>> onStartOf(
            KeyRange range,
            StoreMethod<Q, A> method,
            BiFunction<Route, KeyRange, Q> request,
            Function<A, Page<E>> page,
            Deadline deadline) {
        return retry.run(
                deadline,
                () ->
                        router.find(range.startInclusive(), deadline)
                                .thenCompose(route -> {
                                    KeyRange part = range.intersect(route.range());
                                    return once(route, method, request.apply(route, part), deadline)
                                            .thenApply(page)
                                            .thenApply(got -> goingOn(got, part, range));
                                }));
    }

    /** A request about one region. */
    <Q, A> CompletableFuture<A> onRegion(
            long regionId,
            StoreMethod<Q, A> method,
            Function<Route, Q> request,
            Deadline deadline) {
        return retry.run(
                deadline,
                () ->
                        router.findRegion(regionId, deadline)
                                .thenCompose(route ->
                                        once(route, method, request.apply(route), deadline)));
    }

    /** Where a region's part of a range ends, the next region goes on. */
    private static <E> Page<E> goingOn(Page<E> page, KeyRange part, KeyRange range) {
        return page.resumeKey() != null || part.endExclusive().equals(range.endExclusive())
                ? page
                : new Page<>(page.entries(), part.endExclusive());
    }

    /** One attempt. Fails with a {@link RetryableException} where the request may be sent again. */
    <Q, A> CompletableFuture<A> once(
            Route route, StoreMethod<Q, A> method, Q request, Deadline deadline) {
        return UnaryCall.start(channels.to(route.address()), method.descriptor(), request, deadline)
                .handle((answer, error) -> {
                    if (error instanceof CallFailedException failed) {
                        throw callFailed(route, method, failed);
                    }
                    RegionError refused = method.regionError().apply(answer);
                    if (refused != null) {
                        throw heed(route, refused);
                    }
                    return answer;
                });
    }

    /** As {@link #once}, for one replica whose answer says nothing of where the leader is. */
    <Q, A> CompletableFuture<A> askReplica(
            Route route, StoreMethod<Q, A> method, Q request, Deadline deadline) {
        return UnaryCall.start(channels.to(route.address()), method.descriptor(), request, deadline)
                .handle((answer, error) -> {
                    if (error instanceof CallFailedException failed) {
                        channels.retryConnecting(route.address());
                        throw Failures.ofRead(route.store(), failed);
                    }
                    RegionError refused = method.regionError().apply(answer);
                    if (refused != null) {
                        throw again(
                                route,
                                "refuses with " + refused.getKindCase() + ", not ready or gone");
                    }
                    return answer;
                });
    }

    private RuntimeException callFailed(
            Route route, StoreMethod<?, ?> method, CallFailedException failed) {
        channels.retryConnecting(route.address());
        router.doubt(route);
        return switch (method.effect()) {
            case NONE -> Failures.ofRead(route.store(), failed);
            case WRITE -> Failures.ofWrite("the write", route.store(), failed);
            case CHANGE -> Failures.ofWrite("the change", route.store(), failed);
        };
    }

    /** A region error: the request had no effect. Learns from it, and says what to do. */
    private RuntimeException heed(Route route, RegionError error) {
        return switch (error.getKindCase()) {
            case NOT_LEADER -> {
                router.leaderIs(route, error.getNotLeader().getLeader().getStoreId());
                yield again(route, "does not lead region " + region(route));
            }
            case EPOCH_NOT_MATCH -> {
                router.regionsAre(route, error.getEpochNotMatch().getCurrentRegionsList());
                yield again(route, "knows region " + region(route) + " under another epoch");
            }
            case REGION_NOT_FOUND -> {
                router.forget(route);
                yield again(route, "does not hold region " + region(route));
            }
            case KEY_NOT_IN_REGION -> {
                router.forget(route);
                yield again(route, "says the key is not in region " + region(route));
            }
            case SERVER_IS_BUSY ->
                    new RetryableException(
                            route.store() + " is busy",
                            TimeUnit.MILLISECONDS.toNanos(error.getServerIsBusy().getBackoffMs()),
                            null);
            // Not repeated: a full disk does not empty within a timeout, and the caller can act.
            case STORE_NOT_WRITABLE ->
                    new RefusedException(
                            route.store()
                                    + " refuses writes: "
                                    + error.getStoreNotWritable().getReason());
            case CLUSTER_MISMATCH ->
                    new RefusedException(
                            route.store()
                                    + " belongs to cluster "
                                    + Long.toUnsignedString(
                                            error.getClusterMismatch().getClusterId())
                                    + ": this client works with cluster "
                                    + Long.toUnsignedString(route.context().getClusterId()));
            case KIND_NOT_SET -> { // of a newer server
                router.forget(route);
                yield again(route, "refused for a reason this client does not know");
            }
        };
    }

    private static RetryableException again(Route route, String why) {
        return new RetryableException(route.store() + " " + why);
    }

    private static String region(Route route) {
        return Long.toUnsignedString(route.regionId());
    }
}
