package io.flaredb.storage;

import io.flaredb.storage.StateKey.Kind;
import java.util.HashMap;
import java.util.Map;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;

/**
 * What a store remembers about its regions, as stored.
 *
 * @param descriptors opaque to the engine
 * @param progress of the regions that applied anything
 */
record RegionRecords(Map<RegionId, byte[]> descriptors, Map<RegionId, RegionProgress> progress) {
    static RegionRecords read(Database database) {
        Map<RegionId, byte[]> descriptors = new HashMap<>();
        Map<RegionId, RegionProgress> progress = new HashMap<>();
        try (ReadOptions options = new ReadOptions();
                RocksIterator iterator = database.iterator(ColumnFamily.RAFT_STATE, options)) {
            for (iterator.seekToFirst(); iterator.isValid(); iterator.next()) {
                StateKey key = StateKey.decode(iterator.key());
                byte[] value = iterator.value();
                RegionProgress known = progress.getOrDefault(key.region(), RegionProgress.NONE);
                switch (key.kind()) {
                    case FORMAT,
                            IDENTITY,
                            HARD_STATE,
                            LOG_START,
                            CONFIGURATIONS,
                            SNAPSHOT,
                            INSTALLING -> {}
                    case DESCRIPTOR -> descriptors.put(key.region(), value);
                    case APPLIED_INDEX ->
                            progress.put(
                                    key.region(),
                                    known.withAppliedIndex(StateValue.toU64(key, value)));
                    case VERSION_FLOOR ->
                            progress.put(
                                    key.region(),
                                    known.withFloorAtLeast(StateValue.toU64(key, value)));
                }
            }
            database.checkEnd(iterator);
        }
        return new RegionRecords(descriptors, progress);
    }

    /** A floor of 0 is not written: whatever there is stays, see {@link #clearProgress}. */
    static void putProgress(
            Database database, WriteBatch batch, RegionId region, RegionProgress progress)
            throws RocksDBException {
        ColumnFamilyHandle family = database.handle(ColumnFamily.RAFT_STATE);
        batch.put(
                family,
                new StateKey(region, Kind.APPLIED_INDEX).encode(),
                StateValue.ofU64(progress.appliedIndex()));
        if (progress.versionFloor() != 0) {
            batch.put(
                    family,
                    new StateKey(region, Kind.VERSION_FLOOR).encode(),
                    StateValue.ofU64(progress.versionFloor()));
        }
    }

    /** Back to {@link RegionProgress#NONE}. */
    static void clearProgress(Database database, WriteBatch batch, RegionId region)
            throws RocksDBException {
        putProgress(database, batch, region, RegionProgress.NONE);
        batch.delete(
                database.handle(ColumnFamily.RAFT_STATE),
                new StateKey(region, Kind.VERSION_FLOOR).encode());
    }

    static void delete(Database database, WriteBatch batch, RegionId region)
            throws RocksDBException {
        ColumnFamilyHandle family = database.handle(ColumnFamily.RAFT_STATE);
        for (Kind kind : Kind.values()) {
            batch.delete(family, new StateKey(region, kind).encode());
        }
    }
}
