package io.flaredb.storage;

/**
 * What a member of a group must not forget: the newest term it has seen and whom it voted for in
 * it. (Raft paper, figure 2: currentTerm and votedFor.)
 *
 * @param term unsigned
 * @param vote name of the candidate; empty: none
 */
public record HardState(long term, String vote) {
    /** Of a member that has seen nothing yet. */
    public static final HardState NONE = new HardState(0, "");
}
