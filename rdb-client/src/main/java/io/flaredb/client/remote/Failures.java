package io.flaredb.client.remote;

import io.flaredb.client.CorruptionException;
import io.flaredb.client.InvalidRequestException;
import io.flaredb.client.OutcomeUnknownException;
import io.flaredb.client.RefusedException;
import io.flaredb.client.retry.RetryableException;

/** What a failed call means for the operation: the one place that decides what may be repeated. */
final class Failures {
    private Failures() {}

    /**
     * @param peer whom the call went to, for the message
     * @return a {@link RetryableException} or what the caller of the API gets
     */
    static RuntimeException ofRead(String peer, CallFailedException failed) {
        return switch (failed.status().getCode()) {
            case INVALID_ARGUMENT, OUT_OF_RANGE ->
                    new InvalidRequestException(description(peer, failed), failed);
            case FAILED_PRECONDITION,
                    ALREADY_EXISTS,
                    NOT_FOUND,
                    PERMISSION_DENIED,
                    UNAUTHENTICATED ->
                    new RefusedException(peer + " refused: " + description(peer, failed), failed);
            case UNIMPLEMENTED ->
                    new RefusedException(
                            peer
                                    + " does not know this operation: is it another kind of server,"
                                    + " or an older one?",
                            failed);
            case DATA_LOSS ->
                    new CorruptionException(
                            peer + " found damaged data: " + description(peer, failed), failed);
            case OK,
                    CANCELLED,
                    UNKNOWN,
                    DEADLINE_EXCEEDED,
                    RESOURCE_EXHAUSTED,
                    ABORTED,
                    INTERNAL,
                    UNAVAILABLE ->
                    new RetryableException(peer + " " + failed.happened(), 0, failed);
        };
    }

    /**
     * As {@link #ofRead}, for a write with a number: it may be repeated unless it was looked at and
     * found wrong.
     */
    static RuntimeException ofWrite(String peer, CallFailedException failed) {
        return !failed.maybeSent() || hadNoEffect(failed)
                ? ofRead(peer, failed)
                : new RetryableException(peer + " " + failed.happened(), 0, failed);
    }

    /** As {@link #ofRead}, for a change without a number, which must not be repeated. */
    static RuntimeException ofChange(String peer, CallFailedException failed) {
        return !failed.maybeSent() || hadNoEffect(failed)
                ? ofRead(peer, failed)
                : new OutcomeUnknownException(
                        "the change was sent and may have happened, or may still happen: "
                                + peer
                                + " "
                                + failed.happened(),
                        failed);
    }

    /** Whether a call that was sent has surely changed nothing. */
    static boolean hadNoEffect(CallFailedException failed) {
        return switch (failed.status().getCode()) {
            case INVALID_ARGUMENT, FAILED_PRECONDITION, UNIMPLEMENTED -> true;
            case OK,
                    CANCELLED,
                    UNKNOWN,
                    DEADLINE_EXCEEDED,
                    NOT_FOUND,
                    ALREADY_EXISTS,
                    PERMISSION_DENIED,
                    RESOURCE_EXHAUSTED,
                    ABORTED,
                    OUT_OF_RANGE,
                    INTERNAL,
                    UNAVAILABLE,
                    DATA_LOSS,
                    UNAUTHENTICATED ->
                    false;
        };
    }

    private static String description(String peer, CallFailedException failed) {
        String description = failed.status().getDescription();
        return description == null ? peer + " gave no reason" : description;
    }
}
