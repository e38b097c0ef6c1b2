package io.flaredb.storage;

import io.flaredb.bytes.KeyRange;
import io.flaredb.storage.StateKey.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
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
 */
record TableExport(RegionId region, KeyRange range, Path folder, BooleanSupplier cancelled) {
    private static final long MAX_FILE_BYTES = 64L << 20;
    private static final int RECORDS_BETWEEN_CHECKS = 1_024;

    RegionTables from(Database database) throws RocksDBException {
        Snapshot moment = database.snapshot();
        CrashPoint.EXPORTING.reached();
        try (ReadOptions options = new ReadOptions().setSnapshot(moment).setFillCache(false)) {
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

    private long u64(Database database, ReadOptions options, Kind kind) {
        StateKey key = new StateKey(region, kind);
        byte[] stored = database.get(ColumnFamily.RAFT_STATE, options, key.encode());
        return stored == null ? 0 : StateValue.toU64(key, stored);
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
            for (int i = 1; records.isValid(); records.next(), i++) {
                table.put(records.key(), records.value());
                if (i % RECORDS_BETWEEN_CHECKS == 0) {
                    if (cancelled.getAsBoolean()) {
                        throw new CancellationException("export of region " + region);
                    }
                    if (table.fileSize() >= MAX_FILE_BYTES) {
                        records.next();
                        break;
                    }
                }
            }
            table.finish();
        }
    }
}
