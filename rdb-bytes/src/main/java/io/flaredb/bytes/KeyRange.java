package io.flaredb.bytes;

/**
 * A range of keys in unsigned byte order.
 *
 * @param startInclusive first key; empty: from the first key there can be
 * @param endExclusive first key behind the range; empty: unbounded
 */
public record KeyRange(Bytes startInclusive, Bytes endExclusive) {
    /** Every key. */
    public static final KeyRange ALL = new KeyRange(Bytes.EMPTY, Bytes.EMPTY);

    public boolean contains(Bytes key) {
        return key.compareTo(startInclusive) >= 0
                && (endExclusive.isEmpty() || key.compareTo(endExclusive) < 0);
    }

    /** Whether no key can be in the range. */
    public boolean isEmpty() {
        return !endExclusive.isEmpty() && startInclusive.compareTo(endExclusive) >= 0;
    }

    /** The keys that are in both ranges. */
    public KeyRange intersect(KeyRange other) {
        Bytes start =
                startInclusive.compareTo(other.startInclusive) >= 0
                        ? startInclusive
                        : other.startInclusive;
        Bytes end;
        if (endExclusive.isEmpty()) {
            end = other.endExclusive;
        } else if (other.endExclusive.isEmpty()) {
            end = endExclusive;
        } else {
            end =
                    endExclusive.compareTo(other.endExclusive) <= 0
                            ? endExclusive
                            : other.endExclusive;
        }
        return new KeyRange(start, end);
    }
}
