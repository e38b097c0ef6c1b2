package io.flaredb.client;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The raw key space: the last writer wins. It shares no keys with {@link CasKv}.
 *
 * <p>A write is durable when its method returns; reads are linearizable. Methods block until they
 * are done, or the timeout of {@link FlareDbOptions} has passed, and throw a {@link
 * FlareDbException}.
 *
 * <p>Each write has a number, by which the cluster tells a repeat of it from a new one. Until the
 * timeout the client repeats a write whose answer was lost; it happens at most once all the same.
 * If there is no answer by then, and the write may have been sent, its method throws {@link
 * OutcomeUnknownException}, which can be asked later what became of it.
 *
 * <p>If the calling thread is interrupted, before the call or while it waits, a read throws {@link
 * UnavailableException}; a write throws {@link OutcomeUnknownException}, unless its answer is there
 * already. The interrupt flag stays set.
 */
public interface RawKv {
    /** Writes a key. */
    void put(Bytes key, Bytes value);

    /** Reads a key; empty: there is no such key. */
    Optional<Bytes> get(Bytes key);

    /** Removes a key, whether or not it exists. */
    void delete(Bytes key);

    /**
     * Reads the first keys of a range, in key order, all into memory.
     *
     * <p>A scan that needs more than one request (more than 10,000 entries or a few MiB, or more
     * than one region) sees each part at its own point in time.
     *
     * @param limit most entries to return, 0 or more
     */
    List<KeyValue> scan(KeyRange range, int limit);

    /**
     * All entries of a range in key order, read page by page while they are iterated over. Each
     * page sees its own point in time and has the whole timeout to itself. The result may be
     * iterated over again, which reads again.
     */
    Iterable<KeyValue> scan(KeyRange range);

    /**
     * As {@link #scan(KeyRange)}, but for the first entries only: no page is larger than what is
     * wanted yet.
     *
     * @param limit most entries to return, 0 or more
     */
    Iterable<KeyValue> iterate(KeyRange range, long limit);

    /**
     * Reads several keys; those that do not exist are missing from the answer, which is in the
     * order asked. Keys of one region that fit one response are read at one point in time.
     *
     * @param keys at most 10,000
     */
    Map<Bytes, Bytes> batchGet(Collection<Bytes> keys);

    /**
     * Writes several keys. Atomic within a region: of the entries in one region either all or none
     * are written. Entries in different regions are written apart, and if some were written and
     * others not this throws {@link OutcomeUnknownException}, whose {@code resolve()} tells which.
     *
     * @param entries at most 10,000, and at most 16 MiB of keys and values
     */
    void batchPut(Map<Bytes, Bytes> entries);

    /**
     * The same key space with reads that any replica may answer, spread over the replicas: they
     * take load off the leader, and go on while a region has no leader. Given up for that is
     * freshness: an answer was true once, how long ago is not known; it may miss a write that this
     * very client has done, and an answer may be older than the one before. Each answer is from one
     * replica at one moment. Writes are as ever.
     */
    RawKv stale();

    /** The same operations without blocking. */
    AsyncRawKv async();
}
