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

    public RetryableException(String message) {
        this(message, 0, null);
    }

    /**
     * @param pauseNanos how long to wait at least
     */
    public RetryableException(String message, long pauseNanos, @Nullable Throwable cause) {
        super(message, cause, false, false); // no stack trace: thrown by the thousand under load
        this.pauseNanos = pauseNanos;
    }

    /** How long to wait at least. */
    public long pauseNanos() {
        return pauseNanos;
    }
}
