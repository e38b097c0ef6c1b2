package io.flaredb.server.placement;

/** The placement driver refused, or cannot be reached. The message is one line for a person. */
public final class PlacementException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final boolean unreachable;

    private PlacementException(String message, boolean unreachable, Throwable cause) {
        super(message, cause);
        this.unreachable = unreachable;
    }

    /** It did not answer: trying again may help. */
    public static PlacementException unreachable(String message, Throwable cause) {
        return new PlacementException(message, true, cause);
    }

    /** It answered no: trying again does not help. */
    public static PlacementException refused(String message, Throwable cause) {
        return new PlacementException(message, false, cause);
    }

    /** The same, told with what it is about in front. */
    public PlacementException about(String subject) {
        return new PlacementException(subject + ": " + getMessage(), unreachable, this);
    }

    public boolean isUnreachable() {
        return unreachable;
    }
}
