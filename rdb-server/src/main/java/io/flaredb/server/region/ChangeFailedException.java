package io.flaredb.server.region;

/**
 * A change of a region's members or leader was begun and did not succeed. It may be asked for
 * again. The message is one line for a person.
 */
public final class ChangeFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ChangeFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
