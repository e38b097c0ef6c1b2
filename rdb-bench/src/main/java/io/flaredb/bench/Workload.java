package io.flaredb.bench;

/** What each operation of a load does. */
public enum Workload {
    /** Writes a raw key. */
    PUT,
    /** Reads a raw key that exists, linearizable. */
    GET,
    /** Reads a raw key that exists from any replica. */
    GET_STALE,
    /** Swaps a versioned key that no other operation touches meanwhile. */
    CAS
}
