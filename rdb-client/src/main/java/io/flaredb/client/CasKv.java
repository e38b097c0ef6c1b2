package io.flaredb.client;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The versioned key space: a key is written only if it is at the version its writer expects. It
 * shares no keys with {@link RawKv}.
 *
 * <p>Version 0 means absent. A version never repeats for a key, deletes and re-creates included.
 * Versions are unsigned: print them with {@link Long#toUnsignedString(long)}.
 *
 * <p>Durability, blocking, errors and interrupts are as in {@link RawKv}.
 */
public interface CasKv {
    /**
     * Writes a key if it is at the expected version.
     *
     * @param expectedVersion 0: the key must be absent
     */
    CasResult put(Bytes key, long expectedVersion, Bytes value);

    /** Reads a key and its version; empty: there is no such key. */
    Optional<VersionedValue> get(Bytes key);

    /**
     * Removes a key if it is at the expected version.
     *
     * @param expectedVersion 0 matches an absent key, which stays absent
     */
    CasResult delete(Bytes key, long expectedVersion);

    /**
     * Swaps, deletes and checks several keys of one region at one moment: if every key is at its
     * expected version all is done, else nothing.
     *
     * <p>Regions are cut by the cluster, so only keys that surely share one can be in a batch:
     * {@link Cluster#regions} shows where the cuts are. On one region, or embedded in a folder of
     * its own, that is all keys.
     *
     * @param operations 1 to 1,000 on distinct keys, with at most 16 MiB of keys and values
     * @throws InvalidRequestException if a limit is broken, or keys are of several regions
     */
    CasBatchResult batch(List<CasOperation> operations);

    /**
     * Replaces a key's value with what a function makes of it: reads, swaps, and does both again
     * with backoff while others are faster, all within one timeout.
     *
     * @param change gets the current value, empty if the key is absent, and returns the new one;
     *     runs once for each attempt, so it should have no side effects. What it throws is thrown
     *     here, and the key stays as it is.
     * @return what was written
     * @throws OutcomeUnknownException if the fate of the last swap is not known when the timeout is
     *     over; its {@code resolve()} says how that swap ended, and swaps nothing further
     */
    VersionedValue update(Bytes key, Function<Optional<Bytes>, Bytes> change);

    /** As {@link RawKv#scan(KeyRange, int)}. */
    List<VersionedEntry> scan(KeyRange range, int limit);

    /** As {@link RawKv#scan(KeyRange)}. */
    Iterable<VersionedEntry> scan(KeyRange range);

    /** As {@link RawKv#iterate}. */
    Iterable<VersionedEntry> iterate(KeyRange range, long limit);

    /**
     * The same key space with reads that any replica may answer, see {@link RawKv#stale}. A version
     * read so may be outdated; to swap on it is safe, and ends in a conflict then.
     */
    CasKv stale();

    /** The same operations without blocking. */
    AsyncCasKv async();
}
