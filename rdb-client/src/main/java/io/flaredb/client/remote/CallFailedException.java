package io.flaredb.client.remote;

import io.grpc.Status;
import java.net.ConnectException;
import java.net.UnknownHostException;

/** A call ended with a gRPC status. Never leaves this package. */
final class CallFailedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Status status;
    private final boolean maybeSent;

    /**
     * @param maybeSent false: the peer has surely seen nothing of it
     */
    CallFailedException(Status status, boolean maybeSent) {
        super(status.toString(), status.getCause(), false, false);
        this.status = status;
        this.maybeSent = maybeSent;
    }

    Status status() {
        return status;
    }

    boolean maybeSent() {
        return maybeSent;
    }

    /** What happened, to be read behind the peer's name. */
    String happened() {
        if (!maybeSent) {
            return "cannot be reached: " + whyNotReached();
        }
        return switch (status.getCode()) {
            case DEADLINE_EXCEEDED -> "has not answered";
            case UNAVAILABLE, CANCELLED -> "is unavailable: " + description();
            default -> "failed: " + status.getCode() + ": " + description();
        };
    }

    private String whyNotReached() {
        for (Throwable t = status.getCause(); t != null; t = t.getCause()) {
            if (t instanceof UnknownHostException) {
                return "unknown host";
            }
            // The JDK's word for it: mostly a refused connection, else the message says more.
            if (t instanceof ConnectException && t.getCause() instanceof ConnectException) {
                return "connection refused";
            }
        }
        return status.getCode() == Status.Code.DEADLINE_EXCEEDED
                ? "no connection could be made"
                : description();
    }

    private String description() {
        String description = status.getDescription();
        if (description == null) {
            description = status.getCode().toString();
        }
        Throwable cause = status.getCause();
        return cause == null ? description : description + ": " + cause.getMessage();
    }
}
