package io.flaredb.pd;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.util.UUID;

/** A UUID as 16 bytes, the more significant half first: on the wire and in records. */
final class UuidBytes {
    static final int LENGTH = 16;

    private UuidBytes() {}

    static byte[] encode(UUID uuid) {
        return ByteBuffer.allocate(LENGTH)
                .putLong(uuid.getMostSignificantBits())
                .putLong(uuid.getLeastSignificantBits())
                .array();
    }

    /**
     * @param bytes 16 of them
     */
    static UUID decode(ByteString bytes) {
        ByteBuffer buffer = bytes.asReadOnlyByteBuffer();
        return new UUID(buffer.getLong(), buffer.getLong());
    }
}
