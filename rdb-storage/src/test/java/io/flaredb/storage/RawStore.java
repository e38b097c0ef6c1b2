package io.flaredb.storage;

import io.flaredb.bytes.Bytes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;

/** A closed store's RocksDB, changed behind the engine's back. */
final class RawStore {
    private RawStore() {}

    static void put(Path dir, ColumnFamily family, Bytes key, byte[] value) {
        try (DataFolder folder = DataFolder.hold(dir);
                Database database = Database.open(folder, StorageOptions.defaults());
                WriteBatch batch = new WriteBatch()) {
            batch.put(database.handle(family), key.unsafeArray(), value);
            database.write(batch);
        } catch (RocksDBException e) {
            throw new AssertionError(e);
        }
    }

    static byte @Nullable [] get(Path dir, ColumnFamily family, Bytes key) {
        try (DataFolder folder = DataFolder.hold(dir);
                Database database = Database.open(folder, StorageOptions.defaults())) {
            return database.get(family, key.unsafeArray());
        }
    }

    /** All keys of a column family in order. */
    static List<byte[]> keys(Path dir, ColumnFamily family) {
        List<byte[]> keys = new ArrayList<>();
        try (DataFolder folder = DataFolder.hold(dir);
                Database database = Database.open(folder, StorageOptions.defaults());
                ReadOptions options = new ReadOptions();
                RocksIterator records = database.iterator(family, options)) {
            for (records.seekToFirst(); records.isValid(); records.next()) {
                keys.add(records.key());
            }
            database.checkEnd(records);
        }
        return keys;
    }

    static void addFamily(Path dir, String name) {
        change(
                dir,
                (rocks, handles) -> {
                    byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
                    rocks.createColumnFamily(new ColumnFamilyDescriptor(nameBytes)).close();
                });
    }

    static void dropFamily(Path dir, ColumnFamily family) {
        change(
                dir,
                (rocks, handles) -> {
                    for (ColumnFamilyHandle handle : handles) {
                        if (Arrays.equals(handle.getName(), family.nameBytes())) {
                            rocks.dropColumnFamily(handle);
                        }
                    }
                });
    }

    private interface Change {
        void make(RocksDB rocks, List<ColumnFamilyHandle> handles) throws RocksDBException;
    }

    private static void change(Path dir, Change change) {
        List<ColumnFamilyDescriptor> present = new ArrayList<>();
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        try (Options options = new Options()) {
            for (byte[] name : RocksDB.listColumnFamilies(options, dir.toString())) {
                present.add(new ColumnFamilyDescriptor(name));
            }
            try (RocksDB rocks = RocksDB.open(dir.toString(), present, handles)) {
                change.make(rocks, handles);
                handles.forEach(ColumnFamilyHandle::close);
            }
        } catch (RocksDBException e) {
            throw new AssertionError(e);
        }
    }
}
