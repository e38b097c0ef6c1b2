package io.flaredb.server.placement;

/** The placement driver refused, or cannot be reached. The message is one line for a person. */
public final class PlacementException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Kind kind;

    private enum Kind {
        UNREACHABLE,
        NOT_YET,
        REFUSED,
        NOT_UNDERSTOOD
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

    /** It is no placement driver, or one of another age: trying again does not help. */
    public static PlacementException notUnderstood(String message, Throwable cause) {
        return new PlacementException(message, Kind.NOT_UNDERSTOOD, cause);
    }

    /** The same, told with what it is about in front. */
    public PlacementException about(String subject) {
        return new PlacementException(subject + ": " + getMessage(), kind, this);
    }

    public boolean isUnreachable() {
        return kind == Kind.UNREACHABLE;
    }

    /** Whether it has looked at the request, and answered no for the time being. */
    public boolean isNotYet() {
        return kind == Kind.NOT_YET;
    }

    /** Whether it has looked at the request, and answered no for good. */
    public boolean isRefusal() {
        return kind == Kind.REFUSED;
    }

    /** Whether the same request may be answered otherwise later. */
    public boolean isWorthRepeating() {
        return switch (kind) {
            case UNREACHABLE, NOT_YET -> true;
            case REFUSED, NOT_UNDERSTOOD -> false;
        };
    }
}
