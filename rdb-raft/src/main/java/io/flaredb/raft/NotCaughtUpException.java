package io.flaredb.raft;

/**
 * A change of members was given up while a new one was catching up. No log names it as a member, so
 * its replica can be removed; after any other failure a log may.
 */
public final class NotCaughtUpException extends RaftFailure {
    private static final long serialVersionUID = 1L;

    NotCaughtUpException(String message) {
        super(message, null);
    }
}
