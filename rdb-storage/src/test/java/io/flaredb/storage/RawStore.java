package io.flaredb.storage;

import io.flaredb.bytes.Bytes;
import java.nio.file.Path;
import org.rocksdb.RocksDBException;
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
}
