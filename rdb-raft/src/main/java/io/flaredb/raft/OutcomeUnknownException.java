package io.flaredb.raft;

/** The entry may have had its effect, may yet have it, or may never: the leader was lost. */
public final class OutcomeUnknownException extends RaftFailure {
    private static final long serialVersionUID = 1L;

    OutcomeUnknownException(String message) {
        super(message, null);
    }
}
