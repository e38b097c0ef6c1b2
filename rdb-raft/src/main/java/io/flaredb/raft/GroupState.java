package io.flaredb.raft;

import org.jspecify.annotations.Nullable;

/**
 * What a replica knows about its group.
 *
 * @param role its own part
 * @param leader whom it takes for the leader; null: nobody at the moment
 * @param term of that leader, or of the last one
 */
public record GroupState(Role role, @Nullable Peer leader, long term) {
    /** A replica's part in its group. */
    public enum Role {
        /** Follows a leader, looks for one, or only listens. */
        FOLLOWER,
        /** Takes proposals: everything committed in earlier terms is applied. */
        LEADER,
        /** Has failed: takes part in nothing until it is started anew. */
        FAILED
    }
}
