package io.flaredb.storage;

import io.flaredb.bytes.Bytes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** An engine on a fresh folder, and short ways to use it. */
abstract class EngineTest {
    static final RegionId REGION = new RegionId(7);
    static final StorageOptions SMALL = new StorageOptions(8 << 20, 1 << 20, 1 << 20, 2);

    @TempDir Path dir;
    StorageEngine engine;

    @BeforeEach
    void openEngine() {
        engine = StorageEngine.open(dir, SMALL);
    }

    @AfterEach
    void closeEngine() {
        engine.close();
    }

    void reopen() {
        engine.close();
        engine = StorageEngine.open(dir, SMALL);
    }

    /**
     * Moves the records of a closed store below level 0, where a table's index comes into memory
     * only when it is read.
     */
    static void compact(Path dir) throws RocksDBException {
        List<ColumnFamilyDescriptor> families = new ArrayList<>();
        for (ColumnFamily family : StoredFamilies.list(dir)) {
            families.add(new ColumnFamilyDescriptor(family.nameBytes()));
        }
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        try (DBOptions options = new DBOptions();
                RocksDB rocks = RocksDB.open(options, dir.toString(), families, handles)) {
            for (ColumnFamilyHandle handle : handles) {
                rocks.compactRange(handle);
                handle.close();
            }
        }
    }

    Outcome apply(Command command) {
        return engine.apply(REGION, List.of(command)).get(0);
    }

    Outcome put(String key, String value) {
        return apply(new Command.RawPut(Bytes.utf8(key), Bytes.utf8(value)));
    }

    Outcome swap(String key, long expectedVersion, String value) {
        return apply(
                new Command.CompareAndSwap(Bytes.utf8(key), expectedVersion, Bytes.utf8(value)));
    }

    Outcome swapOut(String key, long expectedVersion) {
        return apply(new Command.CompareAndDelete(Bytes.utf8(key), expectedVersion));
    }

    static Outcome conflict(long version, String value) {
        return new Outcome.Conflict(version, Bytes.utf8(value));
    }
}
