package io.flaredb.raft;

/**
 * Spreads bytes over time, for all who share it: each is told how long to wait before it sends the
 * next piece.
 */
final class Throttle {
    private final double nanosPerByte;
    private long freeAtNanos; // guarded by this

    Throttle(long bytesPerSecond, long nowNanos) {
        this.nanosPerByte = 1e9 / bytesPerSecond;
        this.freeAtNanos = nowNanos;
    }

    /** Books {@code bytes} and says how many nanoseconds from now they may be sent. */
    synchronized long book(long bytes, long nowNanos) {
        if (freeAtNanos - nowNanos < 0) {
            freeAtNanos = nowNanos; // what was not used is lost: no bursts
        }
        long wait = freeAtNanos - nowNanos;
        freeAtNanos += (long) (bytes * nanosPerByte);
        return wait;
    }
}
