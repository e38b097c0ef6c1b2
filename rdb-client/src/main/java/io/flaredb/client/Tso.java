package io.flaredb.client;

/**
 * The timestamp oracle: unsigned 64-bit numbers that strictly increase over the whole cluster, over
 * restarts too. Of two calls the one that starts after the other has returned gets the greater.
 *
 * <p>Blocking, errors and interrupts are as for a read of {@link RawKv}. A timestamp that does not
 * grow throws {@link CorruptionException}.
 */
public interface Tso {
    /** Most timestamps of one call. */
    int MAX_COUNT = 262_144;

    /** One timestamp. */
    long next();

    /**
     * Several timestamps in a row.
     *
     * @param count 1 to {@link #MAX_COUNT}
     */
    TimestampRange next(int count);

    /** The same operations without blocking. */
    AsyncTso async();
}
