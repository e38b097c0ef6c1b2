package io.flaredb.pd.tso;

import org.jspecify.annotations.Nullable;

/**
 * No timestamps can be given out now: a higher bound is not durable yet, because the disk stalls or
 * fails, or the oracle is closed. Nothing was given out; asking again later may succeed.
 */
public final class TimestampsUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    // No stack trace: while a disk stalls, every request ends here.
    TimestampsUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause, false, false);
    }
}
