package io.flaredb.storage;

import io.flaredb.bytes.Bytes;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The stored form of a compare-and-swap record.
 *
 * <pre>
 *  0               8
 * +---------------+----------------+
 * | version       | value          |
 * | u64 BE, not 0 | 0 to 4 MiB     |
 * +---------------+----------------+
 * </pre>
 */
final class CasRecord {
    private CasRecord() {}

    static byte[] encode(VersionedValue record) {
        byte[] value = record.value().unsafeArray();
        return ByteBuffer.allocate(Long.BYTES + value.length)
                .putLong(record.version())
                .put(value)
                .array();
    }

    /**
     * @throws CorruptionException if {@code stored} is too short or has version 0, neither of which
     *     is ever written
     */
    static VersionedValue decode(Bytes key, byte[] stored) {
        long version = stored.length < Long.BYTES ? 0 : ByteBuffer.wrap(stored).getLong();
        if (version == 0) {
            throw new CorruptionException(
                    "the record of key " + key + " in column family cas has no version", null);
        }
        return new VersionedValue(
                version, Bytes.wrap(Arrays.copyOfRange(stored, Long.BYTES, stored.length)));
    }
}
