package io.flaredb.client;

import java.util.List;

/** The cluster as its placement driver sees it. Blocking and errors are as in {@link RawKv}. */
public interface Cluster {
    /** The cluster's id, drawn at random when it was made; unsigned, never 0. */
    long clusterId();

    /** All stores, in the order of their ids. */
    List<StoreInfo> stores();

    /** All regions in key order; empty: no store has joined yet. */
    List<RegionInfo> regions();

    /** The same operations without blocking. */
    AsyncCluster async();
}
