package io.flaredb.storage;

/**
 * Names a region. Unsigned; 0 is no region of user data but the store itself.
 *
 * @param value as given out by the placement driver, never reused
 */
public record RegionId(long value) implements Comparable<RegionId> {
    /** What belongs to the whole store or placement driver, not to a region. */
    public static final RegionId STORE = new RegionId(0);

    @Override
    public int compareTo(RegionId other) {
        return Long.compareUnsigned(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toUnsignedString(value);
    }
}
