package io.flaredb.server.placement;

/** The placement driver refused, or cannot be reached. The message is one line for a person. */
public final class PlacementException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final boolean worthRepeating;

    private PlacementException(String message, boolean worthRepeating, Throwable cause) {
        super(message, cause);
        this.worthRepeating = worthRepeating;
    }

    /** It did not answer: trying again may help. */
    public static PlacementException unreachable(String message, Throwable cause) {
        return new PlacementException(message, true, cause);
    }

    /** It answered no for the time being: trying again may help. */
    public static PlacementException notYet(String message, Throwable cause) {
        return new PlacementException(message, true, cause);
    }

    /** It answered no: trying again does not help. */
    public static PlacementException refused(String message, Throwable cause) {
        return new PlacementException(message, false, cause);
    }

    /** The same, told with what it is about in front. */
    public PlacementException about(String subject) {
        return new PlacementException(subject + ": " + getMessage(), worthRepeating, this);
    }

    /** Whether the same request may be answered otherwise later. */
    public boolean isWorthRepeating() {
        return worthRepeating;
    }
}
