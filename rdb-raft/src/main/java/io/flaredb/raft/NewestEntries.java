package io.flaredb.raft;

import com.alipay.sofa.jraft.entity.LogEntry;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The end of a group's log in memory. The library keeps an entry only until it is applied, but asks
 * for the last one's term with every heartbeat, sent or received, and every round of reads.
 *
 * <p>One thread at a time changes it, which must do so in the order in which it changes the log;
 * any thread reads.
 */
final class NewestEntries {
    /** The last applied entry is asked for too, and some may have been appended since. */
    private static final int MOST = 8;

    /** A store may have hundreds of groups. */
    private static final long MOST_BYTES = 256 << 10;

    private final AtomicReferenceArray<@Nullable LogEntry> slots = new AtomicReferenceArray<>(MOST);

    /** Takes the entry behind the one before, and forgets the oldest if it becomes too much. */
    void add(LogEntry entry) {
        long index = entry.getId().getIndex();
        slots.set(slot(index), entry);
        long bytes = 0;
        for (long i = index; i > index - MOST; i--) {
            LogEntry kept = get(i);
            bytes += kept == null ? 0 : kept.estimatedSize();
            if (bytes > MOST_BYTES) {
                slots.set(slot(i), null);
            }
        }
    }

    /** The entry at {@code index}; null: it is not known here. */
    @Nullable LogEntry get(long index) {
        LogEntry entry = slots.get(slot(index));
        return entry != null && entry.getId().getIndex() == index ? entry : null;
    }

    /** Forgets all. */
    void clear() {
        for (int i = 0; i < MOST; i++) {
            slots.set(i, null);
        }
    }

    private static int slot(long index) {
        return (int) Long.remainderUnsigned(index, MOST);
    }
}
