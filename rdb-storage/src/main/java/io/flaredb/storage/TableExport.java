package io.flaredb.storage;

import io.flaredb.bytes.KeyRange;
import io.flaredb.storage.StateKey.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.rocksdb.EnvOptions;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.Snapshot;
import org.rocksdb.SstFileWriter;

/**
 * Copies the records of a region into table files, all as of one moment.
 *
 * @param cancelled asked now and then
 * @param space looked at as often
 */
record TableExport(
        RegionId region, KeyRange range, Path folder, BooleanSupplier cancelled, FreeSpace space) {
    private static final long MAX_FILE_BYTES = 64L << 20;
    private static final int RECORDS_BETWEEN_CHECKS = 1_024;
    private static final long BYTES_BETWEEN_CHECKS = 1L << 20;

    RegionTables from(Database database) throws RocksDBException {
        Snapshot moment = database.snapshot();
        CrashPoint.EXPORTING.reached();
        try (ReadOptions options = new ReadOptions().setSnapshot(moment).setFillCache(false)) {
            checkComplete(database, options);
            return new RegionTables(
                    u64(database, options, Kind.APPLIED_INDEX),
                    u64(database, options, Kind.VERSION_FLOOR),
                    copy(database, options, ColumnFamily.RAW, range),
                    copy(database, options, ColumnFamily.CAS, range),
                    copy(database, options, ColumnFamily.REQUESTS, RequestKey.range(region)));
        } finally {
            database.release(moment);
        }
    }

    /** The mark is set before the first of the old records goes, and taken away last. */
    private void checkComplete(Database database, ReadOptions options) {
        if (state(database, options, Kind.INSTALLING) != null) {
            throw new IllegalStateException(
                    "the records of region " + region + " are being replaced or removed");
        }
    }

    private long u64(Database database, ReadOptions options, Kind kind) {
        byte[] stored = state(database, options, kind);
        return stored == null ? 0 : StateValue.toU64(new StateKey(region, kind), stored);
    }

    private byte @Nullable [] state(Database database, ReadOptions options, Kind kind) {
        return database.get(ColumnFamily.RAFT_STATE, options, new StateKey(region, kind).encode());
    }

    private List<Path> copy(
            Database database, ReadOptions options, ColumnFamily family, KeyRange range)
            throws RocksDBException {
        List<Path> files = new ArrayList<>();
        byte[] end = range.endExclusive().unsafeArray();
        try (Slice bound = new Slice(end)) {
            if (end.length > 0) {
                options.setIterateUpperBound(bound);
            }
            try (RocksIterator records = database.iterator(family, options)) {
                records.seek(range.startInclusive().unsafeArray());
                while (records.isValid()) {
                    Path file = folder.resolve(family.familyName() + "-" + files.size() + ".table");
                    write(database, family, records, file);
                    files.add(file);
                }
                database.checkEnd(records);
            }
        }
        return files;
    }

    private void write(Database database, ColumnFamily family, RocksIterator records, Path file)
            throws RocksDBException {
        try (EnvOptions env = new EnvOptions();
                Options options = database.tableOptions(family);
                SstFileWriter table = new SstFileWriter(env, options)) {
            table.open(file.toString());
            int count = 0;
            long bytes = 0;
            for (boolean full = false; records.isValid() && !full; records.next()) {
                byte[] key = records.key();
                byte[] value = records.value();
                table.put(key, value);
                count++;
                bytes += key.length + value.length;
                if (count >= RECORDS_BETWEEN_CHECKS || bytes >= BYTES_BETWEEN_CHECKS) {
                    count = 0;
                    bytes = 0;
                    checkGoingOn();
                    full = table.fileSize() >= MAX_FILE_BYTES;
                }
            }
            table.finish();
        }
    }

    private void checkGoingOn() {
        if (cancelled.getAsBoolean()) {
            throw new CancellationException("export of region " + region);
        }
        space.check();
    }
}
