package io.flaredb.storage;

import io.flaredb.bytes.Bytes;

/** A part of a {@link Command.CasBatch}. */
public sealed interface CasStep {
    Bytes key();

    /** The version the key must be at, unsigned; 0: it must be absent. */
    long expectedVersion();

    /** Writes {@code value}. */
    record Swap(Bytes key, long expectedVersion, Bytes value) implements CasStep {}

    /** Removes the record if there is one. */
    record Delete(Bytes key, long expectedVersion) implements CasStep {}

    /** Changes nothing. */
    record Check(Bytes key, long expectedVersion) implements CasStep {}
}
