package io.flaredb.storage;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** Which column families a folder's database has. Looking changes nothing in the folder. */
final class StoredFamilies {
    private StoredFamilies() {}

    /**
     * @throws DataFolderUnusableException if there is a column family of another name
     * @throws CorruptionException if that cannot be told
     */
    static List<ColumnFamily> list(Path folder) {
        List<ColumnFamily> present = new ArrayList<>();
        try (Options options = new Options()) {
            for (byte[] nameBytes : RocksDB.listColumnFamilies(options, folder.toString())) {
                String name = new String(nameBytes, StandardCharsets.UTF_8);
                ColumnFamily family = ColumnFamily.named(name);
                if (family == null) {
                    throw new DataFolderUnusableException(
                            "data folder " + folder + " has the unknown column family " + name,
                            null);
                }
                present.add(family);
            }
        } catch (RocksDBException e) {
            throw RocksFailure.onOpen(folder, e);
        }
        if (!present.contains(ColumnFamily.RAW)) { // RocksDB's way to say that it cannot tell
            throw new CorruptionException(
                    "data folder " + folder + " is damaged: its MANIFEST cannot be read", null);
        }
        return present;
    }
}
