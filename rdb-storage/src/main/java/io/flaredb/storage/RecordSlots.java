package io.flaredb.storage;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * How records lie in the memory of a {@link RecordCache}. A record may be in one set only, which
 * its hash gives; there it is in any of the slots.
 *
 * <pre>
 *  set    0       8        12       16       48       64       312       2048
 *        +-------+--------+--------+--------+--------+--------+-- ... --+
 *        | state | next   | unused | 8 tags | unused | slot 0 | slots   |
 *        | i64   | to go, |        | i32, 0:|        |        | 1 to 7  |
 *        |       | i32    |        | empty  |        |        |         |
 *        +-------+--------+--------+--------+--------+--------+-- ... --+
 *  slot   0                                           8             248
 *        +-------------------------------------------+-----+-------+
 *        | i64: column family u8, length of key u16, | key | value |
 *        | length of value u16                       |     |       |
 *        +-------------------------------------------+-----+-------+
 * </pre>
 *
 * <p>The state is the cache's business, and so is that no two threads change a set at once. Who
 * reads while another one changes it gets anything, but never fails.
 */
final class RecordSlots {
    private static final int SLOTS = 8;
    private static final int SLOT_BYTES = 248;
    private static final int NEXT_AT = 8;
    private static final int TAGS_AT = 16;
    private static final int SLOTS_AT = 64;
    private static final int SET_SHIFT = 11;

    static final int SET_BYTES = 1 << SET_SHIFT; // SLOTS_AT + SLOTS * SLOT_BYTES
    static final int LARGEST_BYTES = SLOT_BYTES - Long.BYTES; // of key and value together

    /** The index of a slot that is not there. */
    static final int NONE = -1;

    private final MemorySegment memory;
    private final long sets;

    /**
     * @param memory a number of sets
     */
    RecordSlots(MemorySegment memory) {
        this.memory = memory;
        this.sets = memory.byteSize() / SET_BYTES;
    }

    long setOf(long hash) {
        return (hash >>> Integer.SIZE) * sets >>> Integer.SIZE << SET_SHIFT;
    }

    /** The index of the key's slot. */
    int find(long set, long hash, ColumnFamily family, byte[] key) {
        int tag = tag(hash);
        long header = header(family, key.length, 0);
        for (int i = 0; i < SLOTS; i++) {
            if (memory.get(ValueLayout.JAVA_INT, tagAt(set, i)) == tag) {
                long slot = slotAt(set, i);
                long found = memory.get(ValueLayout.JAVA_LONG, slot);
                if (found - valueLength(found) == header
                        && RecordHash.isAt(memory, slot + Long.BYTES, key)) {
                    return i;
                }
            }
        }
        return NONE;
    }

    /** The value in a slot that was found to be the key's; null: it is no more. */
    byte @Nullable [] value(long set, int index, byte[] key) {
        long slot = slotAt(set, index);
        int length = valueLength(memory.get(ValueLayout.JAVA_LONG, slot));
        if (key.length + length > LARGEST_BYTES) {
            return null;
        }
        byte[] value = new byte[length];
        long at = slot + Long.BYTES + key.length;
        MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, at, value, 0, length);
        return value;
    }

    /** The index of an empty slot. */
    int free(long set) {
        for (int i = 0; i < SLOTS; i++) {
            if (memory.get(ValueLayout.JAVA_INT, tagAt(set, i)) == 0) {
                return i;
            }
        }
        return NONE;
    }

    /** The index of the slot that is to make room, each in turn. */
    int nextToGo(long set) {
        int next = memory.get(ValueLayout.JAVA_INT, set + NEXT_AT);
        memory.set(ValueLayout.JAVA_INT, set + NEXT_AT, (next + 1) % SLOTS);
        return next;
    }

    void write(long set, int index, long hash, ColumnFamily family, byte[] key, byte[] value) {
        memory.set(ValueLayout.JAVA_INT, tagAt(set, index), tag(hash));
        long slot = slotAt(set, index);
        memory.set(ValueLayout.JAVA_LONG, slot, header(family, key.length, value.length));
        long at = slot + Long.BYTES;
        MemorySegment.copy(key, 0, memory, ValueLayout.JAVA_BYTE, at, key.length);
        at += key.length;
        MemorySegment.copy(value, 0, memory, ValueLayout.JAVA_BYTE, at, value.length);
    }

    void empty(long set, int index) {
        memory.set(ValueLayout.JAVA_INT, tagAt(set, index), 0);
    }

    void empty(long set) {
        for (int i = 0; i < SLOTS; i++) {
            empty(set, i);
        }
    }

    private static int tag(long hash) {
        return (int) hash == 0 ? 1 : (int) hash;
    }

    private static long tagAt(long set, int index) {
        return set + TAGS_AT + (long) index * Integer.BYTES;
    }

    private static long slotAt(long set, int index) {
        return set + SLOTS_AT + (long) index * SLOT_BYTES;
    }

    private static long header(ColumnFamily family, int keyLength, int valueLength) {
        return (long) family.ordinal() << 2 * Short.SIZE
                | (long) keyLength << Short.SIZE
                | valueLength;
    }

    private static int valueLength(long header) {
        return (int) (header & 0xffff);
    }
}
