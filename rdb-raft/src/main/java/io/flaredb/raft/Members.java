package io.flaredb.raft;

import java.util.List;

/**
 * Who is in a group.
 *
 * @param voters those whose majority decides
 * @param learners those who get everything but have no say
 */
public record Members(List<Peer> voters, List<Peer> learners) {
    /** Of a replica that waits to be told by the group's leader. */
    public static final Members UNKNOWN = new Members(List.of(), List.of());

    public Members {
        voters = List.copyOf(voters);
        learners = List.copyOf(learners);
    }

    /** A group without learners. */
    public static Members of(List<Peer> voters) {
        return new Members(voters, List.of());
    }
}
