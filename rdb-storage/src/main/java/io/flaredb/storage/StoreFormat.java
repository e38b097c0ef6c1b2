package io.flaredb.storage;

import java.nio.file.Path;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * The format of what a store keeps on disk, and the completion of its creation.
 *
 * <p>RocksDB creates column families one by one, so a crash can leave a store with some of them.
 * The format is written last: with it a missing column family is damage, without it a store that
 * never held anything.
 */
final class StoreFormat {
    static final int VERSION = 2;

    /** Records without a log: the log that is begun goes on behind them. */
    private static final int BEFORE_REPLICATION = 1;

    private StoreFormat() {}

    /** Completes a new store or checks an existing one. */
    static void establish(Path folder, Database database) {
        byte[] stored =
                database.missingFamilies().contains(ColumnFamily.RAFT_STATE)
                        ? null
                        : database.get(ColumnFamily.RAFT_STATE, StateKey.FORMAT.encode());
        if (stored == null) {
            create(folder, database);
            return;
        }
        if (!database.missingFamilies().isEmpty()) {
            throw new CorruptionException(
                    "data folder "
                            + folder
                            + " has lost the column family "
                            + database.missingFamilies().iterator().next().familyName(),
                    null);
        }
        int version = StateValue.toU32(StateKey.FORMAT, stored);
        if (version == BEFORE_REPLICATION) {
            // So that a FlareDB that does not look into the log cannot be mistaken about what is
            // there.
            write(folder, database);
            return;
        }
        if (version != VERSION) {
            throw new DataFolderUnusableException(
                    "data folder %s has format %s: this FlareDB reads format %d"
                            .formatted(folder, Integer.toUnsignedString(version), VERSION),
                    null);
        }
    }

    private static void create(Path folder, Database database) {
        if (!database.isEmpty()) {
            throw new DataFolderUnusableException(
                    "data folder " + folder + " holds records that no FlareDB store has written",
                    null);
        }
        database.missingFamilies().forEach(database::createFamily);
        write(folder, database);
    }

    private static void write(Path folder, Database database) {
        try (WriteBatch batch = new WriteBatch()) {
            batch.put(
                    database.handle(ColumnFamily.RAFT_STATE),
                    StateKey.FORMAT.encode(),
                    StateValue.ofU32(VERSION));
            database.write(batch);
        } catch (RocksDBException e) {
            throw RocksFailure.onOpen(folder, e);
        }
    }
}
