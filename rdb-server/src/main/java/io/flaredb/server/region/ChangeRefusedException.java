package io.flaredb.server.region;

import org.jspecify.annotations.Nullable;

/**
 * A change of a region's members was not begun, as things are: surely nothing of the region has
 * changed. The message is one line for a person, and says what is in the way.
 */
public final class ChangeRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ChangeRefusedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
