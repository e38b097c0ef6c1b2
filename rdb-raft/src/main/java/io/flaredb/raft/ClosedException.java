package io.flaredb.raft;

/** The replica is closed or has failed; what was asked surely had no effect. */
public final class ClosedException extends RaftFailure {
    private static final long serialVersionUID = 1L;

    ClosedException(String message) {
        super(message, null);
    }
}
