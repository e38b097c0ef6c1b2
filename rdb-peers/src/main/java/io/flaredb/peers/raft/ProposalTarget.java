package io.flaredb.peers.raft;

import io.flaredb.bytes.Bytes;
import io.flaredb.peers.load.PeerTarget;
import io.flaredb.raft.RaftGroup;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Proposes the value of each put as an entry; there are no keys. A get is a read index and nothing
 * read.
 */
final class ProposalTarget extends PeerTarget {
    private final RaftGroup<Long> group;

    ProposalTarget(RaftGroup<Long> group) {
        super("bare-raft");
        this.group = group;
    }

    @Override
    protected boolean supportsCas() {
        return false;
    }

    @Override
    public CompletableFuture<?> put(Bytes key, Bytes value) {
        return group.propose(value.unsafeArray());
    }

    /** Reads find nothing anyway. */
    @Override
    public CompletableFuture<?> putAll(Map<Bytes, Bytes> entries) {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<Boolean> get(Bytes key) {
        return group.readIndex(RaftGroup.Consistency.READ_INDEX).thenApply(index -> true);
    }

    /** The group is not this one's to close. */
    @Override
    public void close() {}
}
