package io.flaredb.raft;

/**
 * A proposal that was committed.
 *
 * @param index its place in the log, unsigned; grows, but not always by one
 * @param term of the leader that proposed it
 * @param bytes what was proposed; not copied: must not be changed
 */
public record Entry(long index, long term, byte[] bytes) {}
