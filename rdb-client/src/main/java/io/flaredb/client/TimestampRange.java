package io.flaredb.client;

/**
 * Timestamps in a row: {@code first}, {@code first + 1}, ... {@link #last()}.
 *
 * <p>A timestamp is an unsigned 64-bit number: 46 bits of milliseconds since 1970, then 18 bits of
 * counter.
 *
 * @param first unsigned
 * @param count 1 or more
 */
public record TimestampRange(long first, int count) {
    /** The greatest timestamp of the range, unsigned. */
    public long last() {
        return first + count - 1;
    }
}
