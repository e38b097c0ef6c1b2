package io.flaredb.bytes;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * An immutable sequence of bytes: a key or a value.
 *
 * <p>Ordered as the store orders keys: byte by byte, unsigned, a prefix before what it is a prefix
 * of. Thread-safe.
 */
public final class Bytes implements Comparable<Bytes> {
    /** No bytes: an empty value, or the open end of a {@link KeyRange}; never a key. */
    public static final Bytes EMPTY = new Bytes(new byte[0]);

    private static final int SHOWN_BYTES = 64;

    private final byte[] array;
    private int hash; // 0: not computed yet; racing threads compute the same

    private Bytes(byte[] array) {
        this.array = array;
    }

    /** Copies {@code array}. */
    public static Bytes of(byte[] array) {
        return new Bytes(array.clone());
    }

    /** The UTF-8 encoding of {@code text}. */
    public static Bytes utf8(String text) {
        return new Bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Takes {@code array} over without copying it.
     *
     * @param array must never be changed again by anyone
     */
    public static Bytes wrap(byte[] array) {
        return new Bytes(array);
    }

    /** A copy of the bytes. */
    public byte[] toByteArray() {
        return array.clone();
    }

    /** The bytes themselves, not a copy: for reading only. */
    public byte[] unsafeArray() {
        return array;
    }

    /** Number of bytes. */
    public int size() {
        return array.length;
    }

    public boolean isEmpty() {
        return array.length == 0;
    }

    /**
     * The bytes read as UTF-8.
     *
     * @throws IllegalStateException if they are not valid UTF-8
     */
    public String utf8() {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(array)).toString();
        } catch (CharacterCodingException e) {
            throw new IllegalStateException("not valid UTF-8: " + this, e);
        }
    }

    /** The smallest key above this one: the same bytes with a zero byte behind them. */
    public Bytes next() {
        return new Bytes(Arrays.copyOf(array, array.length + 1));
    }

    @Override
    public int compareTo(Bytes other) {
        return Arrays.compareUnsigned(array, other.array);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes that && Arrays.equals(array, that.array);
    }

    @Override
    public int hashCode() {
        int h = hash;
        if (h == 0) {
            h = Arrays.hashCode(array);
            hash = h;
        }
        return h;
    }

    /** For people: printable ASCII quoted as it is, anything else in hex; long ones cut. */
    @Override
    public String toString() {
        int shown = Math.min(array.length, SHOWN_BYTES);
        String tail = shown < array.length ? "... (" + array.length + " bytes)" : "";
        for (int i = 0; i < shown; i++) {
            if (array[i] < 0x20 || array[i] == 0x7f) {
                return "0x" + HexFormat.of().formatHex(array, 0, shown) + tail;
            }
        }
        return '"' + new String(array, 0, shown, StandardCharsets.US_ASCII) + '"' + tail;
    }
}
