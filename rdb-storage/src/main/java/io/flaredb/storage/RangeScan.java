package io.flaredb.storage;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;

/**
 * One page of a scan.
 *
 * @param limit most entries in the page, at least 1
 * @param maxBytes the page ends before the entry whose key and stored value would exceed it, but
 *     has at least one entry
 */
record RangeScan(ColumnFamily family, KeyRange range, int limit, long maxBytes) {
    RangeScan {
        if (limit < 1) {
            throw new IllegalArgumentException("scan limit is " + limit + ": must be at least 1");
        }
    }

    <E> ScanPage<E> read(Database database, BiFunction<Bytes, byte[], E> toEntry) {
        if (range.isEmpty()) {
            return new ScanPage<>(List.of(), null);
        }
        // RocksDB must know the end too: else it would walk deleted records behind it.
        byte[] end = range.endExclusive().unsafeArray();
        try (Slice bound = new Slice(end);
                ReadOptions options = new ReadOptions()) {
            if (end.length > 0) {
                options.setIterateUpperBound(bound);
            }
            try (RocksIterator iterator = database.iterator(family, options)) {
                return page(database, iterator, toEntry);
            }
        }
    }

    private <E> ScanPage<E> page(
            Database database, RocksIterator iterator, BiFunction<Bytes, byte[], E> toEntry) {
        List<E> entries = new ArrayList<>();
        long bytes = 0;
        @Nullable Bytes resumeKey = null;
        iterator.seek(range.startInclusive().unsafeArray());
        for (; iterator.isValid(); iterator.next()) {
            Bytes key = Bytes.wrap(iterator.key());
            if (entries.size() == limit) {
                resumeKey = key;
                break;
            }
            byte[] value = iterator.value();
            bytes += key.size() + value.length;
            if (bytes > maxBytes && !entries.isEmpty()) {
                resumeKey = key;
                break;
            }
            entries.add(toEntry.apply(key, value));
        }
        if (resumeKey == null) {
            database.checkEnd(iterator);
        }
        return new ScanPage<>(entries, resumeKey);
    }
}
