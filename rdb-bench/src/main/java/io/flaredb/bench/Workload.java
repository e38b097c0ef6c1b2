package io.flaredb.bench;

/** What each operation of a load does. */
public enum Workload {
    /** Writes a raw key. */
    PUT,
    /** Reads a raw key that exists, linearizable. */
    GET,
    /** Reads a raw key that exists from any replica. */
    GET_STALE,
    /** Swaps a versioned key, whose version it knows, that no other operation touches meanwhile. */
    CAS,
    /**
     * Reads the version of one of a few versioned keys and swaps it on what it read; others may be
     * faster, which is a conflict.
     */
    CAS_CONTENDED,
    /** Reads {@value Slot#SCAN_ENTRIES} raw keys and values in a row. */
    SCAN,
    /** Of 100 operations 50 as {@link #GET}, 45 as {@link #PUT}, 5 as {@link #CAS}. */
    MIXED,
    /** Asks for one timestamp. */
    TSO
}
