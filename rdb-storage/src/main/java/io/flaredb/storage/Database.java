package io.flaredb.storage;

import java.nio.charset.StandardCharsets;
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
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
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
    private final Map<ColumnFamily, ColumnFamilyHandle> handles = new EnumMap<>(ColumnFamily.class);
    private final ReadOptions readLatest = new ReadOptions();
    private final WriteOptions synced = new WriteOptions().setSync(true);

    private Database(Path folder, Tuning tuning, RocksDB rocks) {
        this.folder = folder;
        this.tuning = tuning;
        this.rocks = rocks;
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
                org.rocksdb.DBOptions options,
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

    /**
     * @throws DataFolderUnusableException if there is a column family of another name
     */
    private static List<ColumnFamily> presentFamilies(DataFolder folder) {
        if (!folder.hasDatabase()) {
            return List.of(ColumnFamily.RAW);
        }
        List<ColumnFamily> present = new ArrayList<>();
        try (Options options = new Options()) {
            for (byte[] nameBytes : RocksDB.listColumnFamilies(options, folder.path().toString())) {
                String name = new String(nameBytes, StandardCharsets.UTF_8);
                ColumnFamily family = ColumnFamily.named(name);
                if (family == null) {
                    throw new DataFolderUnusableException(
                            "data folder "
                                    + folder.path()
                                    + " has the unknown column family "
                                    + name,
                            null);
                }
                present.add(family);
            }
        } catch (RocksDBException e) {
            throw RocksFailure.onOpen(folder.path(), e);
        }
        return present;
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

    /** Writes all of {@code batch} or nothing. Durable when it returns. */
    void write(WriteBatch batch) throws RocksDBException {
        rocks.write(synced, batch);
    }

    long[] approximateSizes(ColumnFamily family, org.rocksdb.Range range) {
        return rocks.getApproximateSizes(
                handle(family),
                List.of(range),
                org.rocksdb.SizeApproximationFlag.INCLUDE_FILES,
                org.rocksdb.SizeApproximationFlag.INCLUDE_MEMTABLES);
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
        synced.close();
        tuning.close();
    }
}
