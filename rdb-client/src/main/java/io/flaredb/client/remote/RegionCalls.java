package io.flaredb.client.remote;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import io.flaredb.client.retry.Deadline;
import io.flaredb.client.retry.RetryLoop;
import io.flaredb.client.spi.Page;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Finds whom to ask, and asks until there is an answer. Thread-safe. */
final class RegionCalls {
    private final Router router;
    private final StoreCalls stores;
    private final RetryLoop retry;
    private final boolean staleReads;

    /**
     * @param staleReads whether any replica may answer a read
     */
    RegionCalls(Router router, StoreCalls stores, RetryLoop retry, boolean staleReads) {
        this.router = router;
        this.stores = stores;
        this.retry = retry;
        this.staleReads = staleReads;
    }

    /** A request about one key. */
    <Q, A> CompletableFuture<A> onKey(
            Bytes key, StoreMethod<Q, A> method, Function<Route, Q> request, Deadline deadline) {
        Attempts attempts = new Attempts(deadline);
        return retry.run(
                deadline,
                () -> {
                    Route known = router.findNow(key);
                    return known != null
                            ? once(known, method, request, attempts)
                            : router.find(key, deadline)
                                    .thenCompose(route -> once(route, method, request, attempts));
                });
    }

    /** Scans a range as far as the region goes that holds its start. */
    <Q, A, E> CompletableFuture<Page<E>> onStartOf(
            KeyRange range,
            StoreMethod<Q, A> method,
            BiFunction<Route, KeyRange, Q> request,
            Function<A, Page<E>> page,
            Deadline deadline) {
        Attempts attempts = new Attempts(deadline);
        return retry.run(
                deadline,
                () ->
                        router.find(range.startInclusive(), deadline)
                                .thenCompose(route -> {
                                    KeyRange part = range.intersect(route.range());
                                    return once(
                                                    route,
                                                    method,
                                                    to -> request.apply(to, part),
                                                    attempts)
                                            .thenApply(page)
                                            .thenApply(got -> goingOn(got, part, range));
                                }));
    }

    /** Where a region's part of a range ends, the next region goes on. */
    private static <E> Page<E> goingOn(Page<E> page, KeyRange part, KeyRange range) {
        return page.resumeKey() != null || part.endExclusive().equals(range.endExclusive())
                ? page
                : new Page<>(page.entries(), part.endExclusive());
    }

    /** A request about one region. */
    <Q, A> CompletableFuture<A> onRegion(
            long regionId,
            StoreMethod<Q, A> method,
            Function<Route, Q> request,
            Deadline deadline) {
        Attempts attempts = new Attempts(deadline);
        return retry.run(
                deadline,
                () ->
                        router.findRegion(regionId, deadline)
                                .thenCompose(route -> once(route, method, request, attempts)));
    }

    /**
     * One attempt. Fails with a {@link io.flaredb.client.retry.RetryableException} where the
     * request may be sent again.
     *
     * @param route to the region's leader
     * @param request made for the replica that is asked
     */
    <Q, A> CompletableFuture<A> once(
            Route route, StoreMethod<Q, A> method, Function<Route, Q> request, Attempts attempts) {
        Route to =
                staleReads && method.effect() == StoreMethod.Effect.NONE
                        ? router.anyReplica(route)
                        : route;
        return stores.once(to, method, request.apply(to), attempts);
    }
}
