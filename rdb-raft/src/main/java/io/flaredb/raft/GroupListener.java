package io.flaredb.raft;

/**
 * Told of what happens to a group. Called on the thread that applies the group's entries, in the
 * order of the log: must not block.
 */
public interface GroupListener {
    /** Another leader, another role, or none. */
    void stateChanged(GroupState state);

    /** A change of members is committed; not called for the steps on the way there. */
    default void membersChanged(Members members) {}
}
