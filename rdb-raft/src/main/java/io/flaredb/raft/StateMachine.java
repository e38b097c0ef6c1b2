package io.flaredb.raft;

import io.flaredb.bytes.KeyRange;
import java.util.List;

/**
 * What a group replicates. Its records lie in the engine's key range, written through {@code
 * Replicas.newBatch()} under the group's region id.
 *
 * <p>All methods are called by one thread at a time. An exception ends the replica: it takes part
 * in nothing until it is started anew.
 *
 * @param <R> what an entry comes to, for who proposed it
 */
public interface StateMachine<R> {
    /**
     * Applies entries in one batch: their effects and the index of the last of them must reach the
     * engine together. Must come to the same on every replica.
     *
     * @param entries at least one, in the order of the log; none was applied before
     * @return one for each entry
     */
    List<R> apply(List<Entry> entries);

    /** Where the group's records lie: what a replica that starts anew is sent. */
    KeyRange range();

    /**
     * What else a replica that starts anew must know, say the region's descriptor. Called when a
     * snapshot is sent, by another thread than {@link #apply}.
     */
    default byte[] describe() {
        return new byte[0];
    }

    /**
     * The members there were when this replica last heard of a change: whom it asks for its records
     * if their installation was cut short, besides those that its log knows.
     */
    default List<Peer> lastMembers() {
        return List.of();
    }

    /**
     * The records were replaced by those of another replica. What this writes must be durable when
     * it returns. May come again for the same records, after a crash.
     *
     * @param description what {@link #describe()} said there
     */
    default void installed(byte[] description) {}
}
