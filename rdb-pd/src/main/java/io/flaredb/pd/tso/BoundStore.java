package io.flaredb.pd.tso;

/** Keeps the oracle's bound over crashes. Called by one thread at a time. */
public interface BoundStore {
    /** The last bound made durable; 0: there never was one. */
    long load();

    /**
     * Makes a bound durable; it is when this returns.
     *
     * @throws RuntimeException if it may not be; the oracle goes on with the old bound and tries
     *     again
     */
    void persist(long bound);
}
