package io.flaredb.storage;

import java.nio.ByteBuffer;

/**
 * Keys of column family {@code raft_log}.
 *
 * <pre>
 *  0           8           16
 * +-----------+-----------+
 * | region id | log index |
 * | u64 BE    | u64 BE    |
 * +-----------+-----------+
 * </pre>
 */
final class LogKey {
    private static final int SIZE_BYTES = 2 * Long.BYTES;

    private LogKey() {}

    static byte[] of(RegionId region, long index) {
        return ByteBuffer.allocate(SIZE_BYTES).putLong(region.value()).putLong(index).array();
    }

    /** Sorts behind every entry of the region and before the next region's first. */
    static byte[] behindLast(RegionId region) {
        return ByteBuffer.allocate(SIZE_BYTES + 1).putLong(region.value()).putLong(-1L).array();
    }

    static boolean belongsTo(RegionId region, byte[] key) {
        return ByteBuffer.wrap(key).getLong() == region.value();
    }

    static long index(byte[] key) {
        return ByteBuffer.wrap(key).getLong(Long.BYTES);
    }
}
