package io.flaredb.embedded;

import io.flaredb.client.CorruptionException;
import io.flaredb.client.InvalidRequestException;
import io.flaredb.client.OutcomeUnknownException;
import io.flaredb.client.RefusedException;
import io.flaredb.client.Resolution;
import io.flaredb.client.retry.RetryLoop;
import io.flaredb.client.retry.RetryableException;
import io.flaredb.proto.kv.RegionError;
import io.flaredb.server.region.RegionException;
import io.flaredb.storage.NotWritableException;
import io.flaredb.storage.ReadFailedException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a failure of the store means for the operation, as the client's {@code Failures} do. */
final class Failures {
    private Failures() {}

    /**
     * @return a {@link RetryableException} or what the caller of the API gets
     */
    static RuntimeException ofRead(Throwable failure) {
        return switch (RetryLoop.unwrap(failure)) {
            case RegionException refused -> refused(refused.error());
            case IllegalArgumentException invalid ->
                    new InvalidRequestException(text(invalid), invalid);
            case io.flaredb.storage.CorruptionException damaged ->
                    new CorruptionException(text(damaged), damaged);
            case ReadFailedException failed -> new RetryableException(text(failed), 0, failed);
            case TimeoutException late ->
                    new RetryableException("the embedded store has not answered", 0, late);
            case RuntimeException other -> other;
            case Throwable other -> new IllegalStateException(other);
        };
    }

    /**
     * As {@link #ofRead}, for something that the store has accepted to write.
     *
     * @param waiting waits longer for a write that is still under way
     */
    static RuntimeException ofWrite(
            Throwable failure, Supplier<CompletableFuture<Resolution>> waiting) {
        return switch (RetryLoop.unwrap(failure)) {
            case RegionException refused -> refused(refused.error());
            case NotWritableException refused -> notWritable(text(refused));
            case IllegalArgumentException invalid ->
                    new InvalidRequestException(text(invalid), invalid);
            case TimeoutException late ->
                    unknown("the embedded store has not answered", late, waiting);
            // It has stopped: there is nobody to ask.
            case Throwable other -> unknown(text(other), other, null);
        };
    }

    private static OutcomeUnknownException unknown(
            String what,
            Throwable cause,
            @Nullable Supplier<CompletableFuture<Resolution>> resolver) {
        return new OutcomeUnknownException(
                "the write was begun and may have happened, or may still happen: " + what,
                cause,
                resolver);
    }

    private static RuntimeException refused(RegionError error) {
        return switch (error.getKindCase()) {
            case SERVER_IS_BUSY ->
                    new RetryableException(
                            "the embedded store is busy",
                            TimeUnit.MILLISECONDS.toNanos(error.getServerIsBusy().getBackoffMs()),
                            null);
            case STORE_NOT_WRITABLE -> notWritable(error.getStoreNotWritable().getReason());
            case NOT_LEADER -> // there is no other, so it is starting, stopping, or has failed
                    new RetryableException("the embedded store does not take writes now", 0, null);
            case REGION_NOT_FOUND ->
                    new RefusedException("the embedded store does not hold the key");
            // Nobody asks who could be mistaken.
            case EPOCH_NOT_MATCH,
                    KEY_NOT_IN_REGION,
                    CLUSTER_MISMATCH,
                    REQUEST_FORGOTTEN, // its writes have no ids
                    KIND_NOT_SET ->
                    new IllegalStateException("the embedded store says " + error);
        };
    }

    private static RefusedException notWritable(String reason) {
        return new RefusedException("the embedded store refuses writes: " + reason);
    }

    private static String text(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }
}
