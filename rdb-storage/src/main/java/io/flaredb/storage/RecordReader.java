package io.flaredb.storage;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import io.flaredb.bytes.SizeLimits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.Range;
import org.rocksdb.ReadOptions;
import org.rocksdb.Slice;
import org.rocksdb.Snapshot;

/**
 * Reads raw and compare-and-swap records; what each method means stands at the engine's. Single
 * records come from the cache if they are there: what RocksDB has verified once.
 */
final class RecordReader {
    private final LiveDatabase live;

    RecordReader(LiveDatabase live) {
        this.live = live;
    }

    @Nullable Bytes get(Bytes key) {
        byte[] value = stored(ColumnFamily.RAW, key);
        return value == null ? null : Bytes.wrap(value);
    }

    @Nullable VersionedValue getVersioned(Bytes key) {
        byte[] record = stored(ColumnFamily.CAS, key);
        return record == null ? null : CasRecord.decode(key, record);
    }

    @Nullable Bytes getFromMemory(Bytes key) {
        byte[] value = inMemory(ColumnFamily.RAW, key);
        return value == null ? null : Bytes.wrap(value);
    }

    @Nullable VersionedValue getVersionedFromMemory(Bytes key) {
        byte[] record = inMemory(ColumnFamily.CAS, key);
        return record == null ? null : CasRecord.decode(key, record);
    }

    private byte @Nullable [] inMemory(ColumnFamily family, Bytes key) {
        return read(family, key.unsafeArray(), Database::getFromMemory);
    }

    BatchPage getAll(List<Bytes> keys, long maxBytes) {
        return live.use(database -> {
            // RocksDB's own call for many keys answers a damaged one as if it were absent.
            Snapshot snapshot = database.snapshot();
            try (ReadOptions options = new ReadOptions().setSnapshot(snapshot)) {
                return batchPage(database, options, keys, maxBytes);
            } finally {
                database.release(snapshot);
            }
        });
    }

    private static BatchPage batchPage(
            Database database, ReadOptions options, List<Bytes> keys, long maxBytes) {
        List<KeyValue> found = new ArrayList<>();
        long bytes = 0;
        for (int i = 0; i < keys.size(); i++) {
            Bytes key = keys.get(i);
            byte[] value = database.get(ColumnFamily.RAW, options, key.unsafeArray());
            if (value != null) {
                bytes += key.size() + value.length;
                if (bytes > maxBytes && !found.isEmpty()) {
                    return new BatchPage(found, i);
                }
                found.add(new KeyValue(key, Bytes.wrap(value)));
            }
        }
        return new BatchPage(found, keys.size());
    }

    ScanPage<KeyValue> scan(KeyRange range, int limit, long maxBytes) {
        RangeScan scan = new RangeScan(ColumnFamily.RAW, range, limit, maxBytes);
        return live.use(database ->
                scan.read(database, (key, value) -> new KeyValue(key, Bytes.wrap(value))));
    }

    ScanPage<VersionedEntry> scanVersioned(KeyRange range, int limit, long maxBytes) {
        RangeScan scan = new RangeScan(ColumnFamily.CAS, range, limit, maxBytes);
        return live.use(database -> scan.read(database, RecordReader::versionedEntry));
    }

    long approximateSizeBytes(KeyRange range) {
        if (range.isEmpty()) {
            return 0;
        }
        byte[] end = endOf(range);
        return live.use(database -> {
            try (Slice from = new Slice(range.startInclusive().unsafeArray());
                    Slice to = new Slice(end)) {
                Range bytes = new Range(from, to);
                return database.approximateSizeBytes(ColumnFamily.RAW, bytes)
                        + database.approximateSizeBytes(ColumnFamily.CAS, bytes);
            }
        });
    }

    private byte @Nullable [] stored(ColumnFamily family, Bytes key) {
        return read(family, key.unsafeArray(), Database::get);
    }

    private interface Reading {
        byte @Nullable [] of(Database database, ColumnFamily family, byte[] key);
    }

    private byte @Nullable [] read(ColumnFamily family, byte[] key, Reading reading) {
        RecordCache cache = live.cache();
        byte[] cached = cache.get(family, key);
        if (cached != null) {
            return cached;
        }
        long stamp = cache.stamp(family, key);
        byte[] stored = live.<byte @Nullable []>use(database -> reading.of(database, family, key));
        if (stored != null) {
            cache.keep(family, key, stored, stamp);
        }
        return stored;
    }

    private static VersionedEntry versionedEntry(Bytes key, byte[] stored) {
        VersionedValue record = CasRecord.decode(key, stored);
        return new VersionedEntry(key, record.version(), record.value());
    }

    /** The range's end as a key, also if it has none. */
    static byte[] endOf(KeyRange range) {
        if (!range.endExclusive().isEmpty()) {
            return range.endExclusive().unsafeArray();
        }
        byte[] key = new byte[SizeLimits.MAX_KEY_BYTES + 1]; // above every key there can be
        Arrays.fill(key, (byte) 0xff);
        return key;
    }
}
