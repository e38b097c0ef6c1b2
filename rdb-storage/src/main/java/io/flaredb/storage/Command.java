package io.flaredb.storage;

import io.flaredb.bytes.Bytes;
import java.util.List;

/**
 * A change to one region's data, decided when it is applied.
 *
 * <p>Raw and compare-and-swap commands work on two separate key spaces: a raw write can never
 * disturb a version.
 */
public sealed interface Command {
    /** Writes a raw record, whatever was there. Answered by {@link Outcome.Written}. */
    record RawPut(Bytes key, Bytes value) implements Command {}

    /** Removes a raw record if there is one. Answered by {@link Outcome.Written}. */
    record RawDelete(Bytes key) implements Command {}

    /**
     * Writes raw records in their order, all or none: of two with one key the later stays. Answered
     * by {@link Outcome.Written}.
     */
    record RawPutAll(List<KeyValue> entries) implements Command {
        public RawPutAll {
            entries = List.copyOf(entries);
        }
    }

    /**
     * Writes {@code value} if the key is at {@code expectedVersion}. Answered by {@link
     * Outcome.Swapped} with the new version or by {@link Outcome.Conflict}.
     *
     * @param expectedVersion unsigned; 0: the key must be absent
     */
    record CompareAndSwap(Bytes key, long expectedVersion, Bytes value) implements Command {}

    /**
     * Removes the record if the key is at {@code expectedVersion}. Answered by {@link
     * Outcome.Swapped} with 0, since absent is what to expect next, or by {@link Outcome.Conflict}.
     *
     * @param expectedVersion unsigned; 0: the key must be absent, and nothing changes
     */
    record CompareAndDelete(Bytes key, long expectedVersion) implements Command {}

    /**
     * Carries out all steps if every key is at its expected version, else none. Answered by {@link
     * Outcome.BatchSwapped} or {@link Outcome.BatchConflict}.
     *
     * @param steps with distinct keys
     */
    record CasBatch(List<CasStep> steps) implements Command {
        public CasBatch {
            steps = List.copyOf(steps);
        }
    }
}
