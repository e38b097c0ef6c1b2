package io.flaredb.client;

import org.jspecify.annotations.Nullable;

/**
 * The request was understood and refused, for example because the store's disk is full, the store
 * belongs to another cluster, or the client is closed. It surely had no effect; it is worth
 * repeating only once the reason in the message is gone.
 */
public final class RefusedException extends FlareDbException {
    private static final long serialVersionUID = 1;

    public RefusedException(String message) {
        super(message, null);
    }

    public RefusedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    RefusedException seenFromHere() {
        return new RefusedException(getMessage(), this);
    }
}
