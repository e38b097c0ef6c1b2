package io.flaredb.client.remote;

import io.flaredb.bytes.Bytes;
import io.flaredb.client.OutcomeUnknownException;
import io.flaredb.client.retry.Deadline;
import io.flaredb.client.retry.RetryLoop;
import io.flaredb.client.retry.RetryableException;
import io.flaredb.proto.kv.RequestId;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Numbers writes and sends them until there is an answer. An attempt that may have been sent is
 * followed by others with the same number, to whichever store leads by then; so a write happens at
 * most once, and its answer is that of the first attempt that was carried out. Thread-safe.
 */
final class Writes {
    private final Router router;
    private final StoreCalls stores;
    private final RegionCalls regions;
    private final RetryLoop retry;
    private final Numbering numbering;

    /**
     * @param regions whose calls go to leaders only
     */
    Writes(
            Router router,
            StoreCalls stores,
            RegionCalls regions,
            RetryLoop retry,
            Numbering numbering) {
        this.router = router;
        this.stores = stores;
        this.regions = regions;
        this.retry = retry;
        this.numbering = numbering;
    }

    /** Makes the request of one attempt; but for route and id always the same. */
    @FunctionalInterface
    interface Request<Q> {
        Q make(Route route, RequestId id);
    }

    /**
     * Writes keys of one region.
     *
     * @param keys at least one. If they turn out to be of several regions before anything may have
     *     been sent, this fails with an {@link OtherRegionException}.
     */
    <Q, A> CompletableFuture<A> write(
            List<Bytes> keys, StoreMethod<Q, A> method, Request<Q> request, Deadline deadline) {
        Write<Q, A> write = new Write<>(keys, method, request, deadline);
        return retry.run(deadline, write::tryOnce).handle(write::ended);
    }

    /** One write. Its attempts follow each other, so fields need no lock. */
    private final class Write<Q, A> {
        private final List<Bytes> keys;
        private final StoreMethod<Q, A> method;
        private final Request<Q> request;
        private final Attempts attempts;
        private WriteNumber number = numbering.next();

        Write(List<Bytes> keys, StoreMethod<Q, A> method, Request<Q> request, Deadline deadline) {
            this.keys = keys;
            this.method = method;
            this.request = request;
            this.attempts = new Attempts(deadline);
        }

        CompletableFuture<A> tryOnce() {
            Route known = router.findNow(keys.get(0));
            return known != null
                    ? send(known)
                    : router.find(keys.get(0), attempts.deadline()).thenCompose(this::send);
        }

        private CompletableFuture<A> send(Route route) {
            for (Bytes key : keys) {
                if (!route.range().contains(key)) {
                    throw new OtherRegionException(route.regionId(), key);
                }
            }
            return stores.once(route, method, request.make(route, number.id()), attempts)
                    .exceptionally(error -> {
                        throw heed(RetryLoop.unwrap(error));
                    });
        }

        /** If no attempt can have been carried out, a number that was forgotten is no loss. */
        private RuntimeException heed(Throwable failure) {
            if (failure instanceof ForgottenException forgotten) {
                number.done(); // to keep it in flight would not bring it back
                numbering.forgotten(number.session(), forgotten.rememberedFromMs());
                if (!attempts.maybeSent()) {
                    number = numbering.next();
                    return RetryableException.atOnce(String.valueOf(forgotten.getMessage()));
                }
            }
            return failure instanceof RuntimeException known
                    ? known
                    : new IllegalStateException(failure);
        }

        A ended(A answer, @Nullable Throwable error) {
            if (error == null) {
                number.done();
                return answer;
            }
            Throwable cause = RetryLoop.unwrap(error);
            if (attempts.maybeSent()) {
                throw unknown(cause);
            }
            number.done();
            throw cause instanceof RuntimeException known
                    ? known
                    : new IllegalStateException(cause);
        }

        /** Its number stays in flight, so that regions remember it, until it is resolved. */
        private OutcomeUnknownException unknown(Throwable cause) {
            return new OutcomeUnknownException(
                    "the write was sent and may have happened, or may still happen: "
                            + cause.getMessage(),
                    cause,
                    new Resolver(regions, keys, number, attempts.deadline()));
        }
    }
}
