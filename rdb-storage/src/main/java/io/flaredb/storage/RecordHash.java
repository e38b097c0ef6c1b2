package io.flaredb.storage;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Hashes and compares keys, eight bytes at a time. */
final class RecordHash {
    private static final VarHandle WORD =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long ODD = 0x9e3779b97f4a7c15L; // 2^64 over the golden ratio

    private RecordHash() {}

    /** Keys that differ in a digit, as those of most programs do, differ in all its bits. */
    static long of(ColumnFamily family, byte[] key) {
        long hash = (family.ordinal() + 1) * ODD + key.length;
        int at = 0;
        for (; at + Long.BYTES <= key.length; at += Long.BYTES) {
            hash = mix(hash ^ (long) WORD.get(key, at));
        }
        long rest = 0;
        for (; at < key.length; at++) {
            rest = rest << Byte.SIZE | key[at] & 0xff;
        }
        return finish(mix(hash ^ rest));
    }

    private static long mix(long bits) {
        return Long.rotateLeft(bits * ODD, 31);
    }

    /** The last step of MurmurHash3: each bit depends on all. */
    private static long finish(long bits) {
        long hash = (bits ^ bits >>> 33) * 0xff51afd7ed558ccdL;
        hash = (hash ^ hash >>> 33) * 0xc4ceb9fe1a85ec53L;
        return hash ^ hash >>> 33;
    }

    /**
     * Whether {@code key} stands in {@code memory}.
     *
     * @param at a multiple of eight
     */
    static boolean isAt(MemorySegment memory, long at, byte[] key) {
        int i = 0;
        for (; i + Long.BYTES <= key.length; i += Long.BYTES) {
            if (memory.get(ValueLayout.JAVA_LONG, at + i) != (long) WORD.get(key, i)) {
                return false;
            }
        }
        for (; i < key.length; i++) {
            if (memory.get(ValueLayout.JAVA_BYTE, at + i) != key[i]) {
                return false;
            }
        }
        return true;
    }
}
