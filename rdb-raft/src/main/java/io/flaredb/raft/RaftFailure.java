package io.flaredb.raft;

import org.jspecify.annotations.Nullable;

/** Why a group did not do what it was asked to. */
public abstract sealed class RaftFailure extends RuntimeException
        permits NotLeaderException,
                GroupBusyException,
                NotCaughtUpException,
                OutcomeUnknownException,
                ClosedException {
    private static final long serialVersionUID = 1L;

    RaftFailure(String message, @Nullable Throwable cause) {
        // No stack trace: these are answers, and there are many of them while a leader is lost.
        super(message, cause, false, false);
    }
}
