package io.flaredb.storage;

import io.flaredb.storage.StateKey.Kind;
import io.flaredb.storage.StorageEngine.Filling;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;

/**
 * The log of one group and what goes with it. Opaque to the engine: entries, votes and snapshots
 * are bytes that the replication layer gives meaning to.
 *
 * <p>Every change is durable when its method returns, and shares its fsync with those of other
 * groups that come at the same time. A method that throws {@link NotWritableException} had no
 * effect; with any other failure it may have had, and from then on the engine refuses writes until
 * it is opened anew.
 *
 * <p>Indexes are unsigned, start at 1 and have no gaps. One thread at a time changes a log, another
 * may save the hard state meanwhile; any thread reads.
 */
public final class RaftLog {
    private final LiveDatabase live;
    private final Consumer<Filling> writer;
    private final RegionId region;

    // Changed by the thread that changes the log, after the write that made it so.
    private volatile long firstIndex;
    private volatile long lastIndex;
    private volatile List<Long> configurations;

    /**
     * An entry to append.
     *
     * @param bytes not copied: must not change
     * @param configuration whether it changes the group's members; such entries are found without
     *     reading the whole log
     */
    public record Entry(byte[] bytes, boolean configuration) {}

    RaftLog(LiveDatabase live, Consumer<Filling> writer, RegionId region) {
        this.live = live;
        this.writer = writer;
        this.region = region;
        byte[] start = state(Kind.LOG_START);
        this.firstIndex = start == null ? 1 : StateValue.toU64(key(Kind.LOG_START), start);
        this.lastIndex = live.use(this::findLast);
        this.configurations = decode(state(Kind.CONFIGURATIONS));
    }

    /** Index of the first entry, or of the first one there will be. */
    public long firstIndex() {
        return firstIndex;
    }

    /** Index of the last entry; one below {@link #firstIndex()} if there is none. */
    public long lastIndex() {
        return lastIndex;
    }

    /** Indexes of the entries that change the group's members, ascending. */
    public List<Long> configurations() {
        return configurations;
    }

    /**
     * The bytes appended at {@code index}; null: the log does not reach there. What was cut off
     * last can still be read.
     */
    public byte @Nullable [] read(long index) {
        return live.<byte @Nullable []>use(
                database -> database.get(ColumnFamily.RAFT_LOG, LogKey.of(region, index)));
    }

    /**
     * Appends entries.
     *
     * @param first index of the first of them; must be one above {@link #lastIndex()}
     * @throws IllegalArgumentException if it is not
     * @throws StorageException if the disk failed
     */
    public void append(long first, List<Entry> entries) {
        if (first != lastIndex + 1) {
            throw new IllegalArgumentException(
                    "log of region %s ends at %s: cannot append at %s"
                            .formatted(
                                    region,
                                    Long.toUnsignedString(lastIndex),
                                    Long.toUnsignedString(first)));
        }
        List<Long> marks = new ArrayList<>(configurations);
        for (int i = 0; i < entries.size(); i++) {
            if (entries.get(i).configuration()) {
                marks.add(first + i);
            }
        }
        CrashPoint.LOG_APPENDING.reached();
        writer.accept((database, batch) -> {
            ColumnFamilyHandle log = database.handle(ColumnFamily.RAFT_LOG);
            for (int i = 0; i < entries.size(); i++) {
                batch.put(log, LogKey.of(region, first + i), entries.get(i).bytes());
            }
            if (marks.size() != configurations.size()) {
                putState(database, batch, Kind.CONFIGURATIONS, encode(marks));
            }
        });
        CrashPoint.LOG_APPENDED.reached();
        configurations = List.copyOf(marks);
        lastIndex = first + entries.size() - 1;
    }

    /**
     * Drops the entries below {@code firstKept}; costs the same however many they are. Their bytes
     * stay until the next time: who has looked up the first index just before, to send an entry to
     * another replica, must not take it for lost.
     */
    public void truncatePrefix(long firstKept) {
        if (Long.compareUnsigned(firstKept, firstIndex) <= 0) {
            return;
        }
        List<Long> marks =
                configurations.stream()
                        .filter(index -> Long.compareUnsigned(index, firstKept) >= 0)
                        .toList();
        CrashPoint.LOG_CUTTING.reached();
        cut(LogKey.of(region, 0), LogKey.of(region, firstIndex), firstKept, marks);
        CrashPoint.LOG_CUT.reached();
        firstIndex = firstKept;
        configurations = marks;
        if (Long.compareUnsigned(lastIndex, firstKept - 1) < 0) {
            lastIndex = firstKept - 1;
        }
    }

    /** Drops the entries above {@code lastKept}. */
    public void truncateSuffix(long lastKept) {
        if (Long.compareUnsigned(lastKept, lastIndex) >= 0) {
            return;
        }
        List<Long> marks =
                configurations.stream()
                        .filter(index -> Long.compareUnsigned(index, lastKept) <= 0)
                        .toList();
        cut(LogKey.of(region, lastKept + 1), LogKey.behindLast(region), firstIndex, marks);
        lastIndex = lastKept;
        configurations = marks;
    }

    /** Drops all entries; the next one is appended at {@code next}. */
    public void reset(long next) {
        cut(LogKey.of(region, 0), LogKey.behindLast(region), next, List.of());
        firstIndex = next;
        lastIndex = next - 1;
        configurations = List.of();
    }

    /** What was saved last; {@link HardState#NONE} if nothing was. */
    public HardState hardState() {
        byte[] stored = state(Kind.HARD_STATE);
        if (stored == null) {
            return HardState.NONE;
        }
        if (stored.length < Long.BYTES) {
            throw new CorruptionException(
                    "hard state of region " + region + " is stored in " + stored.length + " bytes",
                    null);
        }
        return new HardState(
                ByteBuffer.wrap(stored).getLong(),
                new String(stored, Long.BYTES, stored.length - Long.BYTES, StandardCharsets.UTF_8));
    }

    /** Saves term and vote, both or neither. */
    public void save(HardState state) {
        byte[] vote = state.vote().getBytes(StandardCharsets.UTF_8);
        byte[] stored =
                ByteBuffer.allocate(Long.BYTES + vote.length)
                        .putLong(state.term())
                        .put(vote)
                        .array();
        writer.accept((database, batch) -> putState(database, batch, Kind.HARD_STATE, stored));
    }

    /** What {@link #saveSnapshot} saved last; null: the log was never cut. */
    public byte @Nullable [] snapshot() {
        return state(Kind.SNAPSHOT);
    }

    /**
     * Saves what a replica can start from without the log before it.
     *
     * @param snapshot not copied: must not change
     */
    public void saveSnapshot(byte[] snapshot) {
        writer.accept((database, batch) -> putState(database, batch, Kind.SNAPSHOT, snapshot));
        CrashPoint.SNAPSHOT_NOTED.reached();
    }

    private void cut(byte[] from, byte[] toExclusive, long first, List<Long> marks) {
        writer.accept((database, batch) -> {
            batch.deleteRange(database.handle(ColumnFamily.RAFT_LOG), from, toExclusive);
            putState(database, batch, Kind.LOG_START, StateValue.ofU64(first));
            putState(database, batch, Kind.CONFIGURATIONS, encode(marks));
        });
    }

    private long findLast(Database database) {
        try (ReadOptions options = new ReadOptions().setTotalOrderSeek(true);
                RocksIterator iterator = database.iterator(ColumnFamily.RAFT_LOG, options)) {
            iterator.seekForPrev(LogKey.behindLast(region));
            if (iterator.isValid() && LogKey.belongsTo(region, iterator.key())) {
                long index = LogKey.index(iterator.key());
                return Long.compareUnsigned(index, firstIndex) >= 0 ? index : firstIndex - 1;
            }
            database.checkEnd(iterator);
            return firstIndex - 1;
        }
    }

    private StateKey key(Kind kind) {
        return new StateKey(region, kind);
    }

    private byte @Nullable [] state(Kind kind) {
        return live.<byte @Nullable []>use(
                database -> database.get(ColumnFamily.RAFT_STATE, key(kind).encode()));
    }

    private void putState(Database database, WriteBatch batch, Kind kind, byte[] value)
            throws RocksDBException {
        batch.put(database.handle(ColumnFamily.RAFT_STATE), key(kind).encode(), value);
    }

    private static byte[] encode(List<Long> indexes) {
        ByteBuffer out = ByteBuffer.allocate(indexes.size() * Long.BYTES);
        indexes.forEach(out::putLong);
        return out.array();
    }

    private static List<Long> decode(byte @Nullable [] stored) {
        List<Long> indexes = new ArrayList<>();
        if (stored != null) {
            ByteBuffer in = ByteBuffer.wrap(stored);
            while (in.remaining() >= Long.BYTES) {
                indexes.add(in.getLong());
            }
        }
        return List.copyOf(indexes);
    }
}
