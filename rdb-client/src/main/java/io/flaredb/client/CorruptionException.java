package io.flaredb.client;

import org.jspecify.annotations.Nullable;

/**
 * Something came back that must never be: damaged data, a timestamp that does not grow, an answer
 * that makes no sense. Not worth repeating; an operator should know.
 */
public final class CorruptionException extends FlareDbException {
    private static final long serialVersionUID = 1;

    public CorruptionException(String message) {
        super(message, null);
    }

    public CorruptionException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    CorruptionException seenFromHere() {
        return new CorruptionException(getMessage(), this);
    }
}
