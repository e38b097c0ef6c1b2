package io.flaredb.raft;

/**
 * The group cannot take this at the moment, say because too much waits, or leadership or members
 * are just being changed; it surely had no effect. Trying again later makes sense.
 */
public final class GroupBusyException extends RaftFailure {
    private static final long serialVersionUID = 1L;

    GroupBusyException(String message) {
        super(message, null);
    }
}
