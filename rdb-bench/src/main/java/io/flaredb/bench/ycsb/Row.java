package io.flaredb.bench.ycsb;

import io.flaredb.bytes.Bytes;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import site.ycsb.ByteArrayByteIterator;
import site.ycsb.ByteIterator;

/**
 * The fields of a record as one value: {@code [u16 name size][name][u32 value size][value]} for
 * each, big-endian.
 */
final class Row {
    private final Map<String, byte[]> fields = new LinkedHashMap<>();

    /** No fields yet. */
    Row() {}

    /**
     * The fields of a stored value.
     *
     * @throws IllegalArgumentException if it is none that {@link #encode()} made
     */
    Row(Bytes stored) {
        ByteBuffer bytes = ByteBuffer.wrap(stored.unsafeArray());
        try {
            while (bytes.hasRemaining()) {
                byte[] name = new byte[Short.toUnsignedInt(bytes.getShort())];
                bytes.get(name);
                int size = bytes.getInt();
                if (size < 0 || size > bytes.remaining()) {
                    throw new IllegalArgumentException("not a row: " + stored);
                }
                byte[] value = new byte[size];
                bytes.get(value);
                fields.put(new String(name, StandardCharsets.UTF_8), value);
            }
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("not a row: " + stored, e);
        }
    }

    /** Sets fields, in place of those of the same name. Uses {@code values} up. */
    void set(Map<String, ByteIterator> values) {
        values.forEach((name, value) -> fields.put(name, value.toArray()));
    }

    /** The same with the fields of {@code other} in place of those of the same name. */
    Row with(Row other) {
        fields.putAll(other.fields);
        return this;
    }

    Bytes encode() {
        int size = 0;
        for (Map.Entry<String, byte[]> field : fields.entrySet()) {
            size += Short.BYTES + utf8(field.getKey()).length;
            size += Integer.BYTES + field.getValue().length;
        }
        ByteBuffer bytes = ByteBuffer.allocate(size);
        for (Map.Entry<String, byte[]> field : fields.entrySet()) {
            byte[] name = utf8(field.getKey());
            bytes.putShort((short) name.length).put(name);
            bytes.putInt(field.getValue().length).put(field.getValue());
        }
        return Bytes.wrap(bytes.array());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Hands fields over as YCSB wants them.
     *
     * @param wanted null: all
     */
    Map<String, ByteIterator> select(@Nullable Set<String> wanted) {
        Map<String, ByteIterator> selected = new HashMap<>();
        fields.forEach((name, value) -> {
            if (wanted == null || wanted.contains(name)) {
                selected.put(name, new ByteArrayByteIterator(value));
            }
        });
        return selected;
    }
}
