package io.flaredb.storage;

import java.nio.file.Path;
import java.util.Set;
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
    static final int VERSION = 5;

    /**
     * 1: records without a log; the log that is begun goes on behind them. 2: no column family
     * {@code requests}; there were no numbered writes. 3: each entry of a log holds one write. 4:
     * how a numbered write ended is a record of its own, see {@link RequestKey}. All are taken
     * over.
     */
    private static final int OLDEST = 1;

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
        int version = StateValue.toU32(StateKey.FORMAT, stored);
        if (version >= OLDEST && version < VERSION) {
            takeOver(folder, database);
            return;
        }
        if (version != VERSION) {
            throw new DataFolderUnusableException(
                    "data folder %s has format %s: this FlareDB reads format %d"
                            .formatted(folder, Integer.toUnsignedString(version), VERSION),
                    null);
        }
        refuseIfIncomplete(folder, database.missingFamilies());
    }

    private static void takeOver(Path folder, Database database) {
        Set<ColumnFamily> missing = database.missingFamilies();
        boolean without = missing.remove(ColumnFamily.REQUESTS);
        refuseIfIncomplete(folder, missing);
        if (without) {
            database.createFamily(ColumnFamily.REQUESTS);
        }
        // So that a FlareDB that does not look into what is new cannot be mistaken about what is
        // there.
        write(folder, database);
    }

    private static void refuseIfIncomplete(Path folder, Set<ColumnFamily> missing) {
        if (!missing.isEmpty()) {
            throw new CorruptionException(
                    "data folder "
                            + folder
                            + " has lost the column family "
                            + missing.iterator().next().familyName(),
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
