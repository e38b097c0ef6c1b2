package io.flaredb.server.region;

/** A write may have happened, or may yet happen: the leader was lost. */
public final class OutcomeUnknownException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OutcomeUnknownException(String message, Throwable cause) {
        super(message, cause, false, false);
    }
}
