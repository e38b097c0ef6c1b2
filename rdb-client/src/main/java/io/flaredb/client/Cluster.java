package io.flaredb.client;

import java.util.List;

/**
 * The cluster as its placement driver sees it, and what an operator does to its regions by hand.
 * Blocking and errors are as in {@link RawKv}.
 *
 * <p>What changes a region is done by the region's leader, one change at a time. If it fails with
 * {@link OutcomeUnknownException} it may have been done, or may still be: look at {@link #regions}.
 * A region that is asked for what is done already does nothing; for nonsense, say a peer on a store
 * that there is not, it fails with {@link InvalidRequestException}; an embedded store, which is
 * alone, with {@link RefusedException}.
 */
public interface Cluster {
    /** The cluster's id, drawn at random when it was made; unsigned, never 0. */
    long clusterId();

    /** All stores, in the order of their ids. */
    List<StoreInfo> stores();

    /** All regions in key order; empty: no store has joined yet. */
    List<RegionInfo> regions();

    /** Hands a region's leadership to its peer on a store; done when that one leads. */
    void transferLeader(long regionId, long storeId);

    /**
     * Gives a region a replica on a store; done when it has all data and votes, which takes as long
     * as the data takes to be copied: choose the timeout accordingly.
     */
    void addPeer(long regionId, long storeId);

    /**
     * Takes a region's replica on a store away, with its data there. The leader's own too: it hands
     * leadership over first. Fails with {@link RefusedException} where too few of the others answer
     * to be a majority without it.
     */
    void removePeer(long regionId, long storeId);

    /**
     * Compares the replicas of a region: each computes a checksum of all it holds at one entry of
     * the log, while reads and writes go on. Replicas that cannot be asked, or have no checksum
     * when the timeout is near, are told of in the answer.
     *
     * <p>Takes as long as reading all records: for large regions the client needs a timeout of
     * minutes. A leader that starts the check is looked for for 10 s at most.
     */
    RegionCheck checkRegion(long regionId);

    /** The same operations without blocking. */
    AsyncCluster async();
}
