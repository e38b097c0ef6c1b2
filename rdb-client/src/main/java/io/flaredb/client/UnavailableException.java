package io.flaredb.client;

import org.jspecify.annotations.Nullable;

/**
 * No answer could be had before the deadline, or too many operations are in flight. The operation
 * surely had no effect and may be repeated.
 */
public final class UnavailableException extends FlareDbException {
    private static final long serialVersionUID = 1;

    public UnavailableException(String message) {
        super(message, null);
    }

    public UnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    UnavailableException seenFromHere() {
        return new UnavailableException(getMessage(), this);
    }
}
