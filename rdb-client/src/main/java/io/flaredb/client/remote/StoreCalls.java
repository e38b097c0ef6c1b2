package io.flaredb.client.remote;

import io.flaredb.client.OutcomeUnknownException;
import io.flaredb.client.RefusedException;
import io.flaredb.client.retry.Deadline;
import io.flaredb.client.retry.RetryableException;
import io.flaredb.client.retry.Timer;
import io.flaredb.proto.kv.RegionError;
import io.grpc.Status;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Single attempts at single stores: sends requests, heeds region errors, and tells the router what
 * it learnt.
 *
 * <p>A read or write waits for one store for part of its timeout only, then it is another's turn: a
 * write's number makes a repeat of it safe. A change of a region that may have been sent waits for
 * its answer as long as it may. Thread-safe.
 */
final class StoreCalls {
    private final Channels channels;
    private final Router router;
    private final Suspects suspects;
    private final Timer timer;

    StoreCalls(Channels channels, Router router, Suspects suspects, Timer timer) {
        this.channels = channels;
        this.router = router;
        this.suspects = suspects;
        this.timer = timer;
    }

    /** Fails with a {@link RetryableException} where the request may be sent again. */
    <Q, A> CompletableFuture<A> once(
            Route route, StoreMethod<Q, A> method, Q request, Attempts attempts) {
        long leftNanos = attempts.deadline().remainingNanos();
        long patienceNanos = attempts.patienceNanos();
        boolean isPart = patienceNanos < leftNanos; // else there is no time for another
        return start(route, method, request, leftNanos, isPart ? patienceNanos : leftNanos)
                .handle((answer, error) -> {
                    if (error instanceof CallFailedException failed) {
                        throw callFailed(route, method, failed, isPart, attempts);
                    }
                    suspects.clear(route.storeId(), route.regionId());
                    RegionError refused = method.regionError().apply(answer);
                    if (refused != null) {
                        throw heed(route, refused, attempts);
                    }
                    return answer;
                });
    }

    /**
     * Sends a request.
     *
     * @param leftNanos how long its operation may take yet
     * @param patienceNanos how long this attempt may take, unless it must not be cut short
     * @return fails with a {@link CallFailedException}
     */
    private <Q, A> CompletableFuture<A> start(
            Route route, StoreMethod<Q, A> method, Q request, long leftNanos, long patienceNanos) {
        if (method.way() instanceof Way.Together<Q, A> together) {
            return channels.commands(route.address()).send(together, request, patienceNanos);
        }
        Way.Alone<Q, A> alone = (Way.Alone<Q, A>) method.way();
        boolean isChange = method.effect() == StoreMethod.Effect.CHANGE;
        UnaryCall<A> call =
                UnaryCall.start(
                        channels.to(route.address()),
                        alone.descriptor(),
                        request,
                        isChange ? leftNanos : patienceNanos);
        if (isChange && patienceNanos < leftNanos) {
            timer.after(patienceNanos, call::cancelUnlessSent); // so that it can go elsewhere
        }
        return call.result();
    }

    /** As {@link #once}, but what comes of it says nothing of who leads. */
    <Q, A> CompletableFuture<A> askReplica(
            Route route, StoreMethod<Q, A> method, Q request, Deadline deadline) {
        long leftNanos = deadline.remainingNanos();
        return start(route, method, request, leftNanos, leftNanos)
                .handle((answer, error) -> {
                    if (error instanceof CallFailedException failed) {
                        channels.retryConnecting(route.address());
                        throw Failures.ofRead(route.store(), failed);
                    }
                    RegionError refused = method.regionError().apply(answer);
                    if (refused != null) {
                        throw new RetryableException(
                                route.store() + " does not say: " + refused.getKindCase());
                    }
                    return answer;
                });
    }

    private RuntimeException callFailed(
            Route route,
            StoreMethod<?, ?> method,
            CallFailedException failed,
            boolean wasPart,
            Attempts attempts) {
        RuntimeException meaning =
                switch (method.effect()) {
                    case NONE -> Failures.ofRead(route.store(), failed);
                    case WRITE -> Failures.ofWrite(route.store(), failed);
                    case CHANGE -> Failures.ofChange(route.store(), failed);
                };
        if (failed.maybeSent() && !Failures.hadNoEffect(failed)) {
            attempts.mayHaveBeenSent();
        }
        boolean timedOut = failed.status().getCode() == Status.Code.DEADLINE_EXCEEDED;
        boolean neverConnected =
                failed.status().getCode() == Status.Code.CANCELLED && !failed.maybeSent();
        if (neverConnected
                || (timedOut && wasPart && method.effect() != StoreMethod.Effect.CHANGE)) {
            attempts.wasCut();
            hangs(route, attempts.deadline());
        } else if (!timedOut && isNoAnswer(meaning)) {
            suspects.addFailing(route.storeId(), attempts.deadline().timeoutNanos());
            channels.retryConnecting(route.address());
            router.tryAnother(route);
        }
        return meaning instanceof RetryableException
                ? new RetryableException(attempts.note(route, failed.happened()), 0, failed)
                : meaning;
    }

    /** Else the store has looked at the request, and is well. */
    private static boolean isNoAnswer(RuntimeException meaning) {
        return meaning instanceof RetryableException || meaning instanceof OutcomeUnknownException;
    }

    private void hangs(Route route, Deadline deadline) {
        suspects.addHanging(route.storeId(), deadline.timeoutNanos());
        channels.reconnect(route.address());
        router.tryAnother(route);
    }

    /** A region error: the request had no effect. Learns from it, and says what to do. */
    private RuntimeException heed(Route route, RegionError error, Attempts attempts) {
        return switch (error.getKindCase()) {
            case NOT_LEADER -> {
                long leader = error.getNotLeader().getLeader().getStoreId();
                boolean go = !route.isStaleRead() && router.leaderIs(route, leader);
                String what =
                        leader == 0
                                ? " and knows of no leader"
                                : ", store " + Long.toUnsignedString(leader) + " does";
                yield again(route, "does not lead region " + region(route) + what, go, attempts);
            }
            case EPOCH_NOT_MATCH -> {
                boolean go =
                        router.regionsAre(route, error.getEpochNotMatch().getCurrentRegionsList());
                yield again(
                        route,
                        "knows region " + region(route) + " under another epoch",
                        go,
                        attempts);
            }
            case REGION_NOT_FOUND -> {
                // Whoever still names it as the region's leader is to be doubted.
                suspects.addLacking(
                        route.storeId(), route.regionId(), attempts.deadline().timeoutNanos());
                router.tryAnother(route);
                yield again(route, "does not hold region " + region(route), false, attempts);
            }
            case KEY_NOT_IN_REGION -> {
                router.forget(route);
                yield again(
                        route, "says the key is not in region " + region(route), false, attempts);
            }
            case SERVER_IS_BUSY ->
                    new RetryableException(
                            attempts.note(route, "is busy"),
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
            case REQUEST_FORGOTTEN ->
                    new ForgottenException(
                            attempts.note(
                                    route,
                                    "says that region "
                                            + region(route)
                                            + " has forgotten the number of the write"),
                            error.getRequestForgotten().getRememberedFromMs());
            case KIND_NOT_SET -> { // of a newer server
                router.forget(route);
                yield again(
                        route, "refused for a reason this client does not know", false, attempts);
            }
        };
    }

    private static RetryableException again(
            Route route, String what, boolean atOnce, Attempts attempts) {
        String message = attempts.note(route, what);
        return atOnce ? RetryableException.atOnce(message) : new RetryableException(message);
    }

    private static String region(Route route) {
        return Long.toUnsignedString(route.regionId());
    }
}
