package io.flaredb.storage;

import io.flaredb.bytes.KeyRange;
import io.flaredb.storage.StateKey.Kind;
import java.nio.ByteBuffer;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.Snapshot;

/**
 * What the records of a region come to at one moment, to be compared with another replica's.
 *
 * @param checksum over all keys, values and versions of both key spaces in key order, the version
 *     floor, and what is remembered of numbered writes: two 32-bit CRCs side by side; finds
 *     accidents, not attacks
 */
public record RegionDigest(long checksum, long rawRecords, long casRecords) {
    private static final int RECORDS_BETWEEN_CHECKS = 256; // of up to 4 MiB each

    /**
     * @param cancelled asked now and then
     * @param fixed told once the moment is fixed
     * @throws CancellationException if it said yes
     */
    static RegionDigest of(
            Database database,
            RegionId region,
            KeyRange range,
            BooleanSupplier cancelled,
            Runnable fixed) {
        Snapshot moment = database.snapshot();
        fixed.run();
        try (ReadOptions options = new ReadOptions().setSnapshot(moment).setFillCache(false)) {
            Sum sum = new Sum(cancelled);
            long raw = sum.records(database, ColumnFamily.RAW, options, range);
            long cas = sum.records(database, ColumnFamily.CAS, options, range);
            StateKey floor = new StateKey(region, Kind.VERSION_FLOOR);
            byte[] stored = database.get(ColumnFamily.RAFT_STATE, options, floor.encode());
            sum.bytes(StateValue.ofU64(stored == null ? 0 : StateValue.toU64(floor, stored)));
            sum.requests(RequestRecords.read(database, options, region));
            return new RegionDigest(sum.value(), raw, cas);
        } finally {
            database.release(moment);
        }
    }

    private static final class Sum {
        private final BooleanSupplier cancelled;
        private final CRC32 one = new CRC32();
        private final CRC32C other = new CRC32C();

        Sum(BooleanSupplier cancelled) {
            this.cancelled = cancelled;
        }

        long records(Database database, ColumnFamily family, ReadOptions options, KeyRange range) {
            long count = 0;
            byte[] end = range.endExclusive().unsafeArray();
            try (Slice bound = new Slice(end);
                    ReadOptions bounded = new ReadOptions(options)) {
                if (end.length > 0) {
                    bounded.setIterateUpperBound(bound);
                }
                try (RocksIterator records = database.iterator(family, bounded)) {
                    records.seek(range.startInclusive().unsafeArray());
                    for (; records.isValid(); records.next(), count++) {
                        if (count % RECORDS_BETWEEN_CHECKS == 0 && cancelled.getAsBoolean()) {
                            throw new CancellationException("checksum of a region");
                        }
                        bytes(records.key());
                        bytes(records.value());
                    }
                    database.checkEnd(records);
                }
            }
            bytes(StateValue.ofU64(count));
            return count;
        }

        void requests(RequestTable table) {
            bytes(StateValue.ofU64(table.clockMillis()));
            bytes(StateValue.ofU64(table.rememberedFromMillis()));
            for (Session session : table.sessions()) {
                bytes(StateValue.ofU64(session.id().clientId()));
                bytes(StateValue.ofU64(session.id().startMillis()));
                bytes(StateValue.ofU64(session.lowest()));
                bytes(StateValue.ofU64(session.lastActiveMillis()));
                session.outcomes()
                        .forEach((sequence, outcome) -> {
                            bytes(StateValue.ofU64(sequence));
                            bytes(outcome);
                        });
            }
        }

        /** Its length first: where one ends and the next begins must show. */
        void bytes(byte[] bytes) {
            byte[] length = ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array();
            one.update(length);
            one.update(bytes);
            other.update(length);
            other.update(bytes);
        }

        long value() {
            return one.getValue() << Integer.SIZE | other.getValue();
        }
    }
}
