package io.flaredb.pd;

import org.jspecify.annotations.Nullable;

/** What the placement driver answers instead of doing what it was asked; one line for a person. */
public abstract sealed class PlacementDriverException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private PlacementDriverException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** The request can never be granted as it is. */
    public static final class InvalidRequest extends PlacementDriverException {
        private static final long serialVersionUID = 1L;

        InvalidRequest(String message) {
            super(message, null);
        }
    }

    /** The request, or the data folder behind it, is of another cluster or of another past. */
    public static final class WrongCluster extends PlacementDriverException {
        private static final long serialVersionUID = 1L;

        WrongCluster(String message) {
            super(message, null);
        }
    }

    /** The stores of a new cluster do not agree on its first regions. */
    public static final class OtherFirstRegions extends PlacementDriverException {
        private static final long serialVersionUID = 1L;

        OtherFirstRegions(String message) {
            super(message, null);
        }
    }

    /** The address is registered to a store with other data that is not known to be gone. */
    public static final class AddressTaken extends PlacementDriverException {
        private static final long serialVersionUID = 1L;

        AddressTaken(String message) {
            super(message, null);
        }
    }

    /** There is no such store or region. */
    public static final class NotFound extends PlacementDriverException {
        private static final long serialVersionUID = 1L;

        NotFound(String message) {
            super(message, null);
        }
    }

    /**
     * The change could not be made durable; whether it was is unknown. Every change may be asked
     * for again: what is done already is not done twice.
     */
    public static final class Unavailable extends PlacementDriverException {
        private static final long serialVersionUID = 1L;

        Unavailable(RuntimeException cause) {
            super("the placement driver cannot write: " + cause.getMessage(), cause);
        }
    }
}
