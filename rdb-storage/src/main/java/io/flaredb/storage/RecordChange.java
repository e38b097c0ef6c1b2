package io.flaredb.storage;

import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * What a batch makes of a raw or compare-and-swap record.
 *
 * @param stored the record as RocksDB keeps it, not to be changed; null: it is deleted
 */
record RecordChange(ColumnFamily family, byte[] key, byte @Nullable [] stored) {
    void fill(Database database, WriteBatch batch) throws RocksDBException {
        if (stored == null) {
            batch.delete(database.handle(family), key);
        } else {
            batch.put(database.handle(family), key, stored);
        }
    }
}
