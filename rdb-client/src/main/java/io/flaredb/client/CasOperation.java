package io.flaredb.client;

import io.flaredb.bytes.Bytes;

/** One part of {@link CasKv#batch}: what is expected of a key, and what is done if all is so. */
public sealed interface CasOperation {
    /** The key it is about. */
    Bytes key();

    /** The version the key must be at, unsigned; 0: it must be absent. */
    long expectedVersion();

    /** Writes a value. */
    record Swap(Bytes key, long expectedVersion, Bytes value) implements CasOperation {}

    /** Removes the key; of an absent one nothing changes. */
    record Delete(Bytes key, long expectedVersion) implements CasOperation {}

    /** Changes nothing. */
    record Check(Bytes key, long expectedVersion) implements CasOperation {}

    /**
     * Writes {@code value}.
     *
     * @param expectedVersion unsigned; 0: the key must be absent
     */
    static CasOperation swap(Bytes key, long expectedVersion, Bytes value) {
        return new Swap(key, expectedVersion, value);
    }

    /**
     * Removes the key.
     *
     * @param expectedVersion unsigned; 0 matches an absent key, which stays absent
     */
    static CasOperation delete(Bytes key, long expectedVersion) {
        return new Delete(key, expectedVersion);
    }

    /**
     * Only makes sure of the key's version.
     *
     * @param expectedVersion unsigned; 0: the key must be absent
     */
    static CasOperation check(Bytes key, long expectedVersion) {
        return new Check(key, expectedVersion);
    }
}
