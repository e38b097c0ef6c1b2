package io.flaredb.rpc;

import java.nio.ByteBuffer;
import java.util.UUID;

/** A UUID as 16 bytes, the more significant half first: on the wire and in records. */
public final class UuidBytes {
    public static final int LENGTH = 16;

    private UuidBytes() {}

    public static byte[] encode(UUID uuid) {
        return ByteBuffer.allocate(LENGTH)
                .putLong(uuid.getMostSignificantBits())
                .putLong(uuid.getLeastSignificantBits())
                .array();
    }

    /**
     * @param bytes 16 of them
     */
    public static UUID decode(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new UUID(buffer.getLong(), buffer.getLong());
    }
}
