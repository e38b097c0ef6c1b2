package io.flaredb.server.rpc;

import io.flaredb.proto.kv.RegionError;
import io.flaredb.server.log.NotCheckedException;
import io.flaredb.server.placement.PlacementException;
import io.flaredb.server.region.ChangeFailedException;
import io.flaredb.server.region.ChangeRefusedException;
import io.flaredb.server.region.OutcomeUnknownException;
import io.flaredb.server.region.RegionErrors;
import io.flaredb.server.region.RegionException;
import io.flaredb.storage.CorruptionException;
import io.flaredb.storage.NotWritableException;
import io.flaredb.storage.WriteFailedException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where one call's answer goes, whatever it is. Here alone errors become region errors or gRPC
 * statuses.
 *
 * @param refused words a region error as the call's response
 */
record Answer<R>(StreamObserver<R> out, Function<RegionError, R> refused) {
    private static final Logger log = LoggerFactory.getLogger(Answer.class);

    /** False: answers are made faster than they can be sent, and one more may be large. */
    boolean hasRoom() {
        return switch (out) {
            case CommandAnswer<R> together -> together.stream().hasRoom();
            case CallAnswer<R> alone -> alone.hasRoom();
            default -> true;
        };
    }

    /** Whether nobody waits for it any more. */
    boolean isOver() {
        return switch (out) {
            case CommandAnswer<R> together -> together.stream().isOver();
            case CallAnswer<R> alone -> alone.isOver();
            default -> false;
        };
    }

    /**
     * Lets what does not block run where the answer is sent from, if that is a thread of its own.
     *
     * @return false: it is none; nothing is run
     */
    boolean runsWhereSent(Runnable task) {
        if (out instanceof CommandAnswer<R> together) {
            together.stream().onLoop(task);
            return true;
        }
        return false;
    }

    /** Runs tasks once the requests that came in the same message have been looked at. */
    Executor afterWhatCameTogether() {
        return out instanceof CommandAnswer<R> together
                ? together.stream().loop()
                : Runnable::run; // it came alone
    }

    void send(R response) {
        out.onNext(response);
        out.onCompleted();
    }

    void fail(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
        switch (cause) {
            case RegionException e -> send(refused.apply(e.error()));
            case NotWritableException e ->
                    send(refused.apply(RegionErrors.storeNotWritable(text(e)).error()));
            case IllegalArgumentException e -> end(Status.INVALID_ARGUMENT, e);
            case OutcomeUnknownException e -> end(Status.UNKNOWN, e);
            case ChangeRefusedException e -> end(Status.FAILED_PRECONDITION, e);
            case ChangeFailedException e -> end(Status.UNAVAILABLE, e);
            case NotCheckedException e -> end(Status.UNAVAILABLE, e);
            // It is asked for nothing but what a change needs before it begins.
            case PlacementException e -> end(Status.FAILED_PRECONDITION, e);
            case WriteFailedException e -> end(Status.UNKNOWN, e);
            case CorruptionException e -> end(Status.DATA_LOSS, e);
            default -> {
                log.error("a call failed", cause);
                end(Status.INTERNAL, cause);
            }
        }
    }

    private void end(Status status, Throwable cause) {
        out.onError(new StatusRuntimeException(status.withDescription(text(cause))));
    }

    private static String text(Throwable cause) {
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
