package io.flaredb.client.retry;

import org.jspecify.annotations.Nullable;

/**
 * An attempt failed and surely had no effect: it may be made again. Never reaches the caller of the
 * API: the retry loop either tries again or turns it into an {@link
 * io.flaredb.client.UnavailableException}.
 */
public final class RetryableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final long pauseNanos;
    private final boolean atOnce;

    public RetryableException(String message) {
        this(message, 0, null);
    }

    /**
     * @param pauseNanos how long to wait at least
     */
    public RetryableException(String message, long pauseNanos, @Nullable Throwable cause) {
        this(message, pauseNanos, false, cause);
    }

    private RetryableException(
            String message, long pauseNanos, boolean atOnce, @Nullable Throwable cause) {
        super(message, cause, false, false); // no stack trace: thrown by the thousand under load
        this.pauseNanos = pauseNanos;
        this.atOnce = atOnce;
    }

    /** It is known now what to do better: no pause is needed, unless this happens in a row. */
    public static RetryableException atOnce(String message) {
        return new RetryableException(message, 0, true, null);
    }

    /** Whether the next attempt should be made without a pause. */
    public boolean isAtOnce() {
        return atOnce;
    }

    /** How long to wait at least. */
    public long pauseNanos() {
        return pauseNanos;
    }
}
