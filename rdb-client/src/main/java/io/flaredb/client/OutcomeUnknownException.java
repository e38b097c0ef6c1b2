package io.flaredb.client;

import org.jspecify.annotations.Nullable;

/**
 * A write was sent and its fate is not known: it may have happened, or may still happen. The client
 * does not guess and does not repeat it; read the key to find out.
 *
 * <p>Of a batch that spans regions this also says that part of it was written and part was not.
 */
public final class OutcomeUnknownException extends FlareDbException {
    private static final long serialVersionUID = 1;

    public OutcomeUnknownException(String message) {
        super(message, null);
    }

    public OutcomeUnknownException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    OutcomeUnknownException seenFromHere() {
        return new OutcomeUnknownException(getMessage(), this);
    }
}
