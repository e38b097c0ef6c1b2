package io.flaredb.client;

import org.jspecify.annotations.Nullable;

/**
 * The request itself is wrong, for example a key that is empty or too long. Nothing was sent, or
 * the store refused it at its door; repeating it cannot help.
 */
public final class InvalidRequestException extends FlareDbException {
    private static final long serialVersionUID = 1;

    public InvalidRequestException(String message) {
        super(message, null);
    }

    public InvalidRequestException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    InvalidRequestException seenFromHere() {
        return new InvalidRequestException(getMessage(), this);
    }
}
