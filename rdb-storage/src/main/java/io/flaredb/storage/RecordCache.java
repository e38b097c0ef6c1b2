package io.flaredb.storage;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Small records that were read, so that the next read of each is spared RocksDB: its search through
 * a memtable misses the processor's caches at every step. Outside the heap, where the collector
 * would copy each record that has been written.
 *
 * <p>A record may be in one set only, which its hash gives; there it is in any of the slots.
 *
 * <pre>
 *  set    0        8         12        16           48        64        312         2048
 *        +--------+---------+---------+------------+---------+---------+--- ... ---+
 *        | state  | next to | unused  | 8 tags     | unused  | slot 0  | up to     |
 *        | i64    | go, i32 |         | i32, 0:    |         |         | slot 7    |
 *        |        |         |         | slot empty |         |         |           |
 *        +--------+---------+---------+------------+---------+---------+--- ... ---+
 *  slot   0                                            8               248
 *        +--------------------------------------------+-----+---------+
 *        | column family u8, lengths of key and value | key | value   |
 *        | u16 each, in an i64                        |     | as stored
 *        +--------------------------------------------+-----+---------+
 * </pre>
 *
 * <p>What is read here is what RocksDB would answer, at every moment. Whoever changes records shuts
 * their sets before RocksDB has the change ({@link #shut}) and opens them with the new contents
 * afterwards ({@link #open}); meanwhile reads pass the cache by. Whoever brings a record from
 * RocksDB must have asked for the set's stamp before ({@link #stamp}): if the set was shut or
 * changed since then, the record may be old and is dropped. A read holds only if the state was the
 * same before and after (a seqlock).
 *
 * <p>Any thread.
 */
final class RecordCache implements AutoCloseable {
    /** The stamp of a set that is shut. */
    static final long NO_STAMP = -1;

    private static final int SLOTS = 8;
    private static final int SLOT_BYTES = 248;
    private static final int NEXT_AT = 8;
    private static final int TAGS_AT = 16;
    private static final int SLOTS_AT = 64;
    private static final int SET_BYTES = SLOTS_AT + SLOTS * SLOT_BYTES;
    private static final int SET_SHIFT = Integer.numberOfTrailingZeros(SET_BYTES);

    /** Most bytes of a record's key and stored value together; larger ones are not kept. */
    static final int LARGEST_BYTES = SLOT_BYTES - Long.BYTES;

    // A state, from its lowest bit: one who changes slots; 24 bits of how many have the set shut;
    // whether some had it shut at the same time; how many changes there were.
    private static final long LOCKED = 1;
    private static final long SHUT = 1 << 1;
    private static final long SHUT_MASK = (1 << 25) - SHUT;
    private static final long CONTENDED = 1 << 25;
    private static final long CHANGE = 1 << 26;
    private static final long NOT_OPEN_MASK = CHANGE - 1;

    private static final int SPINS = 100;

    private static final VarHandle STATE = ValueLayout.JAVA_LONG.varHandle();

    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory;
    private final long sets;
    private volatile boolean closed;

    /**
     * @param bytes of memory, taken at once, at most 1 TiB; 0: nothing is ever kept
     */
    RecordCache(long bytes) {
        sets = bytes / SET_BYTES;
        memory = arena.allocate(sets * SET_BYTES, SLOTS_AT);
    }

    /** The stored record; null: it is not here, or the cache is closed. */
    byte @Nullable [] get(ColumnFamily family, byte[] key) {
        if (isOutside(key)) {
            return null;
        }
        long hash = RecordHash.of(family, key);
        long set = set(hash);
        long state = state(set);
        if ((state & NOT_OPEN_MASK) != 0) {
            return null;
        }
        long slot = find(set, hash, family, key);
        if (slot < 0) {
            return null;
        }
        int length = valueLength(memory.get(ValueLayout.JAVA_LONG, slot));
        if (key.length + length > LARGEST_BYTES) {
            return null; // another record is there by now
        }
        byte[] stored = new byte[length];
        long at = slot + Long.BYTES + key.length;
        MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, at, stored, 0, length);
        VarHandle.loadLoadFence();
        return state(set) == state ? stored : null;
    }

    /** To be asked for before a record is read from RocksDB, for {@link #keep}. */
    long stamp(ColumnFamily family, byte[] key) {
        if (isOutside(key)) {
            return NO_STAMP;
        }
        long state = state(set(RecordHash.of(family, key)));
        return (state & NOT_OPEN_MASK) == 0 ? state : NO_STAMP;
    }

    /** Keeps what was read from RocksDB, in another record's place if need be. */
    void keep(ColumnFamily family, byte[] key, byte[] stored, long stamp) {
        if (stamp == NO_STAMP || isOutside(key) || !fits(key, stored)) {
            return;
        }
        long hash = RecordHash.of(family, key);
        long set = set(hash);
        if (!STATE.compareAndSet(memory, set, stamp, stamp | LOCKED)) {
            return;
        }
        VarHandle.storeStoreFence();
        long slot = find(set, hash, family, key);
        if (slot < 0) {
            int free = freeSlot(set);
            write(set, free < 0 ? nextToGo(set) : free, hash, family, key, stored);
        }
        STATE.getAndAdd(memory, set, CHANGE - LOCKED);
    }

    /** Before RocksDB has the changes. To be followed by {@link #open}, whatever happens. */
    void shut(List<RecordChange> changes) {
        for (RecordChange change : changes) {
            if (!isOutside(change.key())) {
                shut(set(RecordHash.of(change.family(), change.key())));
            }
        }
    }

    /**
     * After RocksDB has the changes.
     *
     * @param done false: it does not have them, or nobody knows
     */
    void open(List<RecordChange> changes, boolean done) {
        for (RecordChange change : changes) {
            if (!isOutside(change.key())) {
                open(change, done);
            }
        }
    }

    private void open(RecordChange change, boolean done) {
        byte[] stored = change.stored();
        long hash = RecordHash.of(change.family(), change.key());
        long set = set(hash);
        long state = lock(set);
        long slot = find(set, hash, change.family(), change.key());
        int index = slot < 0 ? freeSlot(set) : (int) ((slot - set - SLOTS_AT) / SLOT_BYTES);
        // Of two batches that may have had the same key nobody knows here which was first. What
        // was not read takes no other's place: many records are written and never read.
        if (done
                && (state & CONTENDED) == 0
                && stored != null
                && index >= 0
                && fits(change.key(), stored)) {
            write(set, index, hash, change.family(), change.key(), stored);
        } else if (slot >= 0) {
            memory.set(ValueLayout.JAVA_INT, tagAt(set, index), 0);
        }
        reopen(set);
    }

    /** Runs what changes any number of records; meanwhile all reads pass by, then it is empty. */
    void emptyAround(Runnable change) {
        for (long i = 0; i < sets && !closed; i++) {
            shut(i * SET_BYTES);
        }
        try {
            change.run();
        } finally {
            for (long i = 0; i < sets && !closed; i++) {
                long set = i * SET_BYTES;
                lock(set);
                for (int slot = 0; slot < SLOTS; slot++) {
                    memory.set(ValueLayout.JAVA_INT, tagAt(set, slot), 0);
                }
                reopen(set);
            }
        }
    }

    private void shut(long set) {
        long state;
        long shut;
        do {
            state = state(set);
            shut = (state + SHUT) | ((state & SHUT_MASK) == 0 ? 0 : CONTENDED);
        } while (!STATE.compareAndSet(memory, set, state, shut));
    }

    /** Never waits for long: between this and the unlocking there is nothing but a copy. */
    private long lock(long set) {
        for (int spins = 0; ; spins++) {
            long state = state(set);
            if ((state & LOCKED) == 0 && STATE.compareAndSet(memory, set, state, state | LOCKED)) {
                VarHandle.storeStoreFence();
                return state;
            }
            if (spins < SPINS) {
                Thread.onSpinWait();
            } else {
                Thread.yield(); // the thread that has it may not be running
            }
        }
    }

    /** Undoes {@link #lock} and one {@link #shut(long)}. */
    private void reopen(long set) {
        long state;
        long opened;
        do {
            state = state(set);
            opened = state - LOCKED - SHUT + CHANGE;
            if ((opened & SHUT_MASK) == 0) {
                opened &= ~CONTENDED;
            }
        } while (!STATE.compareAndSet(memory, set, state, opened));
    }

    private boolean isOutside(byte[] key) {
        return sets == 0 || key.length > LARGEST_BYTES || closed;
    }

    private static boolean fits(byte[] key, byte[] stored) {
        return key.length + stored.length <= LARGEST_BYTES;
    }

    private long set(long hash) {
        return (hash >>> Integer.SIZE) * sets >>> Integer.SIZE << SET_SHIFT;
    }

    private long state(long set) {
        return (long) STATE.getVolatile(memory, set);
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

    /** Where the key's slot is; -1: it has none. */
    private long find(long set, long hash, ColumnFamily family, byte[] key) {
        int tag = tag(hash);
        long header = header(family, key.length, 0);
        for (int i = 0; i < SLOTS; i++) {
            if (memory.get(ValueLayout.JAVA_INT, tagAt(set, i)) == tag) {
                long slot = slotAt(set, i);
                long found = memory.get(ValueLayout.JAVA_LONG, slot);
                if (found - valueLength(found) == header
                        && RecordHash.isAt(memory, slot + Long.BYTES, key)) {
                    return slot;
                }
            }
        }
        return -1;
    }

    /** The index of an empty slot; -1: there is none. */
    private int freeSlot(long set) {
        for (int i = 0; i < SLOTS; i++) {
            if (memory.get(ValueLayout.JAVA_INT, tagAt(set, i)) == 0) {
                return i;
            }
        }
        return -1;
    }

    private int nextToGo(long set) {
        int next = memory.get(ValueLayout.JAVA_INT, set + NEXT_AT);
        memory.set(ValueLayout.JAVA_INT, set + NEXT_AT, (next + 1) % SLOTS);
        return next;
    }

    private void write(
            long set, int index, long hash, ColumnFamily family, byte[] key, byte[] stored) {
        long slot = slotAt(set, index);
        memory.set(ValueLayout.JAVA_INT, tagAt(set, index), tag(hash));
        memory.set(ValueLayout.JAVA_LONG, slot, header(family, key.length, stored.length));
        long at = slot + Long.BYTES;
        MemorySegment.copy(key, 0, memory, ValueLayout.JAVA_BYTE, at, key.length);
        MemorySegment.copy(
                stored, 0, memory, ValueLayout.JAVA_BYTE, at + key.length, stored.length);
    }

    private static long header(ColumnFamily family, int keyLength, int valueLength) {
        return (long) family.ordinal() << 2 * Short.SIZE
                | (long) keyLength << Short.SIZE
                | valueLength;
    }

    private static int valueLength(long header) {
        return (int) (header & 0xffff);
    }

    /** Gives the memory back. What is read or changed at the same time may fail. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            arena.close();
        }
    }
}
