package io.flaredb.server.placement;

/** The placement driver refused, or cannot be reached. The message is one line for a person. */
public final class PlacementException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Kind kind;

    private enum Kind {
        UNREACHABLE,
        NOT_YET,
        REFUSED
    }

    private PlacementException(String message, Kind kind, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /** It did not answer: trying again may help. */
    public static PlacementException unreachable(String message, Throwable cause) {
        return new PlacementException(message, Kind.UNREACHABLE, cause);
    }

    /** It answered no for the time being: trying again may help. */
    public static PlacementException notYet(String message, Throwable cause) {
        return new PlacementException(message, Kind.NOT_YET, cause);
    }

    /** It answered no: trying again does not help. */
    public static PlacementException refused(String message, Throwable cause) {
        return new PlacementException(message, Kind.REFUSED, cause);
    }

    /** The same, told with what it is about in front. */
    public PlacementException about(String subject) {
        return new PlacementException(subject + ": " + getMessage(), kind, this);
    }

    public boolean isUnreachable() {
        return kind == Kind.UNREACHABLE;
    }

    /** Whether the same request may be answered otherwise later. */
    public boolean isWorthRepeating() {
        return kind != Kind.REFUSED;
    }
}
