package io.flaredb.pd.tso;

/**
 * How a timestamp is packed. It is unsigned: compare with {@link Long#compareUnsigned}.
 *
 * <pre>
 *  63                             18 17            0
 * +---------------------------------+---------------+
 * | milliseconds since 1970, 46 bit | counter, 18   |
 * +---------------------------------+---------------+
 * </pre>
 */
public final class TimestampLayout {
    /** Timestamps in one millisecond: 262,144. */
    public static final int PER_MILLI = 1 << 18;

    /** The last millisecond that has timestamps, in the year 4199. */
    public static final long MAX_MILLIS = (1L << 46) - 1;

    private static final int COUNTER_BITS = 18;

    private TimestampLayout() {}

    /** The first timestamp of a millisecond, 0 to {@link #MAX_MILLIS}. */
    public static long firstOf(long millis) {
        return millis << COUNTER_BITS;
    }

    /** The millisecond of a timestamp. */
    public static long millisOf(long timestamp) {
        return timestamp >>> COUNTER_BITS;
    }
}
