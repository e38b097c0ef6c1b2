package io.flaredb.raft;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** This replica does not lead; what was asked surely had no effect. */
public final class NotLeaderException extends RaftFailure {
    private static final long serialVersionUID = 1L;

    private final transient @Nullable Peer leader;

    NotLeaderException(@Nullable Peer leader) {
        super(leader == null ? "no leader is known" : "the leader is " + leader, null);
        this.leader = leader;
    }

    /** Who leads, as far as is known here. */
    public Optional<Peer> leader() {
        return Optional.ofNullable(leader);
    }
}
