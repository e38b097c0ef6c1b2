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
 * would copy each record that has been written; {@link RecordSlots} draws how they lie there.
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

    // A state, from its lowest bit: one who changes slots; 24 bits of how many have the set shut;
    // whether some had it shut at the same time; how many changes there were.
    private static final long LOCKED = 1;
    private static final long SHUT = 1 << 1;
    private static final long SHUT_MASK = (1 << 25) - SHUT;
    private static final long CONTENDED = 1 << 25;
    private static final long CHANGE = 1 << 26;
    private static final long NOT_OPEN_MASK = CHANGE - 1;

    private static final int SPINS = 100;
    private static final int CACHE_LINE_BYTES = 64;

    private static final VarHandle STATE = ValueLayout.JAVA_LONG.varHandle();

    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory;
    private final RecordSlots slots;
    private volatile boolean closed;

    /**
     * @param bytes of memory, taken at once, at most 1 TiB; 0: nothing is ever kept
     */
    RecordCache(long bytes) {
        memory =
                arena.allocate(
                        bytes / RecordSlots.SET_BYTES * RecordSlots.SET_BYTES, CACHE_LINE_BYTES);
        slots = new RecordSlots(memory);
    }

    /** The stored record; null: it is not here, or the cache is closed. */
    byte @Nullable [] get(ColumnFamily family, byte[] key) {
        if (isOutside(key)) {
            return null;
        }
        long hash = RecordHash.of(family, key);
        long set = slots.setOf(hash);
        long state = state(set);
        if ((state & NOT_OPEN_MASK) != 0) {
            return null;
        }
        int slot = slots.find(set, hash, family, key);
        if (slot == RecordSlots.NONE) {
            return null;
        }
        byte[] stored = slots.value(set, slot, key);
        VarHandle.loadLoadFence();
        return state(set) == state ? stored : null;
    }

    /** To be asked for before a record is read from RocksDB, for {@link #keep}. */
    long stamp(ColumnFamily family, byte[] key) {
        if (isOutside(key)) {
            return NO_STAMP;
        }
        long state = state(slots.setOf(RecordHash.of(family, key)));
        return (state & NOT_OPEN_MASK) == 0 ? state : NO_STAMP;
    }

    /** Keeps what was read from RocksDB, in another record's place if need be. */
    void keep(ColumnFamily family, byte[] key, byte[] stored, long stamp) {
        if (stamp == NO_STAMP || isOutside(key) || !fits(key, stored)) {
            return;
        }
        long hash = RecordHash.of(family, key);
        long set = slots.setOf(hash);
        if (!STATE.compareAndSet(memory, set, stamp, stamp | LOCKED)) {
            return;
        }
        VarHandle.storeStoreFence();
        if (slots.find(set, hash, family, key) == RecordSlots.NONE) {
            int free = slots.free(set);
            int slot = free == RecordSlots.NONE ? slots.nextToGo(set) : free;
            slots.write(set, slot, hash, family, key, stored);
        }
        STATE.getAndAdd(memory, set, CHANGE - LOCKED);
    }

    /** Before RocksDB has the changes. To be followed by {@link #open}, whatever happens. */
    void shut(List<RecordChange> changes) {
        for (RecordChange change : changes) {
            if (!isOutside(change.key())) {
                shut(slots.setOf(RecordHash.of(change.family(), change.key())));
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
        long set = slots.setOf(hash);
        long state = lock(set);
        int found = slots.find(set, hash, change.family(), change.key());
        int slot = found == RecordSlots.NONE ? slots.free(set) : found;
        // Of two batches that may have had the same key nobody knows here which was first. What
        // was not read takes no other's place: many records are written and never read.
        if (done
                && (state & CONTENDED) == 0
                && stored != null
                && slot != RecordSlots.NONE
                && fits(change.key(), stored)) {
            slots.write(set, slot, hash, change.family(), change.key(), stored);
        } else if (found != RecordSlots.NONE) {
            slots.empty(set, found);
        }
        reopen(set);
    }

    /** Runs what changes any number of records; meanwhile all reads pass by, then it is empty. */
    void emptyAround(Runnable change) {
        for (long set = 0; set < memory.byteSize() && !closed; set += RecordSlots.SET_BYTES) {
            shut(set);
        }
        try {
            change.run();
        } finally {
            for (long set = 0; set < memory.byteSize() && !closed; set += RecordSlots.SET_BYTES) {
                lock(set);
                slots.empty(set);
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
        return closed || key.length > RecordSlots.LARGEST_BYTES || memory.byteSize() == 0;
    }

    private static boolean fits(byte[] key, byte[] stored) {
        return key.length + stored.length <= RecordSlots.LARGEST_BYTES;
    }

    private long state(long set) {
        return (long) STATE.getVolatile(memory, set);
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
