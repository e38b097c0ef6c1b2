package io.flaredb.storage;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.Holder;
import org.rocksdb.IngestExternalFileOptions;
import org.rocksdb.Options;
import org.rocksdb.Range;
import org.rocksdb.ReadOptions;
import org.rocksdb.ReadTier;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.SizeApproximationFlag;
import org.rocksdb.Snapshot;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * An open RocksDB with its column families. Owns all native memory that goes with it.
 *
 * <p>Thread-safe, except that nothing may run while it is closed, or afterwards: RocksDB would
 * touch freed memory. {@link LiveDatabase} sees to that.
 */
final class Database implements AutoCloseable {
    private final Path folder;
    private final Tuning tuning;
    private final RocksDB rocks;
    private final SharedSync sync;
    private final StallPatience patience;
    private final Map<ColumnFamily, ColumnFamilyHandle> handles = new EnumMap<>(ColumnFamily.class);
    private final ReadOptions readLatest = new ReadOptions();
    private final WriteOptions syncedOrStalled =
            new WriteOptions().setSync(true).setNoSlowdown(true);
    private final WriteOptions loggedOrStalled = new WriteOptions().setNoSlowdown(true);
    private final WriteOptions unlogged = new WriteOptions().setDisableWAL(true);
    private final ReadOptions readFlushed = new ReadOptions().setReadTier(ReadTier.PERSISTED_TIER);
    private final FlushOptions flushNow =
            new FlushOptions().setWaitForFlush(true).setAllowWriteStall(true);

    private Database(Path folder, Tuning tuning, RocksDB rocks) {
        this.folder = folder;
        this.tuning = tuning;
        this.rocks = rocks;
        this.sync = new SharedSync(rocks::syncWal);
        this.patience =
                new StallPatience(
                        () -> property(StallPatience.BACKGROUND_ERRORS), System::nanoTime);
    }

    /** Opens the column families that are there; creates a database with only RAW if none is. */
    static Database open(DataFolder folder, StorageOptions options) {
        return open(folder, options, RocksDB::open);
    }

    /** The same without writing a byte: what writes would change stays in memory. */
    static Database openReadOnly(DataFolder folder, StorageOptions options) {
        return open(folder, options, RocksDB::openReadOnly);
    }

    private interface Opener {
        RocksDB open(
                DBOptions options,
                String path,
                List<ColumnFamilyDescriptor> families,
                List<ColumnFamilyHandle> handles)
                throws RocksDBException;
    }

    private static Database open(DataFolder folder, StorageOptions options, Opener opener) {
        List<ColumnFamily> present = presentFamilies(folder);
        Tuning tuning = new Tuning(options);
        try {
            List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
            for (ColumnFamily family : present) {
                descriptors.add(
                        new ColumnFamilyDescriptor(family.nameBytes(), tuning.family(family)));
            }
            List<ColumnFamilyHandle> handles = new ArrayList<>();
            Database database =
                    new Database(
                            folder.path(),
                            tuning,
                            opener.open(
                                    tuning.database(),
                                    folder.path().toString(),
                                    descriptors,
                                    handles));
            for (int i = 0; i < present.size(); i++) {
                database.handles.put(present.get(i), handles.get(i));
            }
            return database;
        } catch (RocksDBException e) {
            tuning.close();
            throw RocksFailure.onOpen(folder.path(), e);
        }
    }

    private static List<ColumnFamily> presentFamilies(DataFolder folder) {
        if (!folder.hasDatabase()) {
            return List.of(ColumnFamily.RAW);
        }
        folder.checkLogs();
        return StoredFamilies.list(folder.path());
    }

    Set<ColumnFamily> missingFamilies() {
        Set<ColumnFamily> missing = EnumSet.allOf(ColumnFamily.class);
        missing.removeAll(handles.keySet());
        return missing;
    }

    void createFamily(ColumnFamily family) {
        try {
            handles.put(
                    family,
                    rocks.createColumnFamily(
                            new ColumnFamilyDescriptor(family.nameBytes(), tuning.family(family))));
        } catch (RocksDBException e) {
            throw RocksFailure.onOpen(folder, e);
        }
    }

    ColumnFamilyHandle handle(ColumnFamily family) {
        ColumnFamilyHandle handle = handles.get(family);
        if (handle == null) {
            throw new IllegalStateException("no column family " + family.familyName());
        }
        return handle;
    }

    /** The latest committed value; null if there is none. */
    byte @Nullable [] get(ColumnFamily family, byte[] key) {
        return get(family, readLatest, key);
    }

    /**
     * The same if no disk has to be asked for it; null: there is none, or it would have to be, or
     * it is empty.
     */
    byte @Nullable [] getFromMemory(ColumnFamily family, byte[] key) {
        Holder<byte[]> value = new Holder<>();
        // Its own verdict is not heeded: it calls damaged keys absent. Nor is an empty value: it
        // makes one up where a table's index is not in memory (facebook/rocksdb issue 12921).
        if (!rocks.keyMayExist(handle(family), key, value)) {
            return null;
        }
        byte[] found = value.getValue();
        return found == null || found.length == 0 ? null : found;
    }

    byte @Nullable [] get(ColumnFamily family, ReadOptions how, byte[] key) {
        try {
            return rocks.get(handle(family), how, key);
        } catch (RocksDBException e) {
            throw RocksFailure.onRead(folder, e);
        }
    }

    /** An iterator over one snapshot; the caller closes it. */
    RocksIterator iterator(ColumnFamily family, ReadOptions how) {
        return rocks.newIterator(handle(family), how);
    }

    /**
     * @throws StorageException if the iterator stopped because of an error, not of its range's end
     */
    void checkEnd(RocksIterator iterator) {
        try {
            iterator.status();
        } catch (RocksDBException e) {
            throw RocksFailure.onRead(folder, e);
        }
    }

    /** Whether no column family has a record. */
    boolean isEmpty() {
        for (ColumnFamily family : handles.keySet()) {
            try (RocksIterator iterator = iterator(family, readLatest)) {
                iterator.seekToFirst();
                if (iterator.isValid()) {
                    return false;
                }
                checkEnd(iterator);
            }
        }
        return true;
    }

    Snapshot snapshot() {
        return rocks.getSnapshot();
    }

    void release(Snapshot snapshot) {
        rocks.releaseSnapshot(snapshot);
    }

    /**
     * Writes all of {@code batch} or nothing. Durable when it returns.
     *
     * <p>While flushing or compacting doesn't keep up, it waits, see {@link StallPatience}.
     *
     * @throws RocksDBException with {@link RocksFailure#isStall} if it waited in vain and has
     *     written nothing
     */
    void write(WriteBatch batch) throws RocksDBException {
        patience.insist(() -> rocks.write(syncedOrStalled, batch));
    }

    /**
     * The same, but others read it before it is durable, and writes to memory do not wait for the
     * disk meanwhile: RocksDB lets no write begin while one syncs.
     */
    void writeThenSync(WriteBatch batch) throws RocksDBException {
        patience.insist(() -> rocks.write(loggedOrStalled, batch));
        sync.join();
    }

    /**
     * Writes all of {@code batch} or nothing, in memory: lost in a crash unless it was flushed
     * before. While flushing or compacting doesn't keep up, it waits without limit.
     */
    void writeUnlogged(WriteBatch batch) throws RocksDBException {
        rocks.write(unlogged, batch);
    }

    /** What a crash right now would leave, as far as records written without a log go. */
    byte @Nullable [] getFlushed(ColumnFamily family, byte[] key) {
        return get(family, readFlushed, key);
    }

    /** Brings all that was written to disk: every column family or none. */
    void flush() throws RocksDBException {
        rocks.flush(flushNow, List.copyOf(handles.values()));
    }

    /** Takes over tables made by a table writer; their records hide older ones of the same keys. */
    void ingest(ColumnFamily family, List<String> files) throws RocksDBException {
        try (IngestExternalFileOptions options =
                new IngestExternalFileOptions().setMoveFiles(true)) {
            rocks.ingestExternalFile(handle(family), files, options);
        }
    }

    /** The options a table must be written with to be ingested. */
    Options tableOptions(ColumnFamily family) {
        return new Options(tuning.database(), tuning.family(family));
    }

    long approximateSizeBytes(ColumnFamily family, Range range) {
        return rocks.getApproximateSizes(
                        handle(family),
                        List.of(range),
                        SizeApproximationFlag.INCLUDE_FILES,
                        SizeApproximationFlag.INCLUDE_MEMTABLES)[0];
    }

    /** The sum over all column families of one of RocksDB's own numbers. */
    long property(String name) {
        try {
            long sum = 0;
            for (ColumnFamilyHandle handle : handles.values()) {
                sum += rocks.getLongProperty(handle, name);
            }
            return sum;
        } catch (RocksDBException e) {
            throw RocksFailure.onRead(folder, e);
        }
    }

    long blockCacheUsedBytes() {
        return tuning.blockCacheUsedBytes();
    }

    @Override
    public void close() {
        handles.values().forEach(ColumnFamilyHandle::close);
        rocks.close();
        readLatest.close();
        syncedOrStalled.close();
        loggedOrStalled.close();
        unlogged.close();
        readFlushed.close();
        flushNow.close();
        tuning.close();
    }
}
