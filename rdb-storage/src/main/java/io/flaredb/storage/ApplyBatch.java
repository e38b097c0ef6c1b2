package io.flaredb.storage;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.SizeLimits;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * Commands that are decided one after another, each seeing the effects of those before it, and then
 * committed together or not at all.
 *
 * <p>The effects wait in maps, which are all there is to look into and all there is to write.
 * RocksDB's indexed batch would do the same with a call into native code per command and a second
 * place where native memory can leak.
 *
 * <p>Belongs to the thread that made it, which must close it: until then no other can write (but
 * see {@link Replicas#newBatch()}).
 */
public final class ApplyBatch implements AutoCloseable {
    private final StorageEngine engine;
    private final Map<Bytes, @Nullable Bytes> raw = new HashMap<>(); // null: deleted
    private final Map<Bytes, @Nullable VersionedValue> cas = new HashMap<>(); // null: deleted
    private final Map<RegionId, RegionProgress> progress = new HashMap<>();
    private final boolean logged;
    private boolean done;

    /**
     * @param logged whether a commit is durable; else it is only kept in memory, in one piece
     */
    ApplyBatch(StorageEngine engine, boolean logged) {
        this.engine = engine;
        this.logged = logged;
    }

    /**
     * Decides a command. Nothing is written before {@link #commit()}.
     *
     * <p>A command that is refused by an exception leaves the batch as it was.
     *
     * @param index the command's place in the region's log, unsigned; must exceed that of every
     *     command applied in the region before, in this batch or a committed one. A command that
     *     was applied already is not skipped in silence, since its outcome is not known any more:
     *     who replays a log starts behind {@link StorageEngine#appliedIndex}
     * @throws IllegalArgumentException if the index does not exceed the applied one, a key or value
     *     is not within {@link SizeLimits}, or the next version would exceed the largest u64
     * @throws CorruptionException if the key's record is damaged
     */
    public Outcome apply(RegionId region, long index, Command command) {
        checkOpen();
        RegionProgress before = progress(region);
        if (Long.compareUnsigned(index, before.appliedIndex()) <= 0) {
            throw new IllegalArgumentException(
                    "command %s of region %s is already applied: it is at %s"
                            .formatted(
                                    Long.toUnsignedString(index),
                                    region,
                                    Long.toUnsignedString(before.appliedIndex())));
        }
        RegionProgress after = before.withAppliedIndex(index);
        return switch (command) {
            case Command.RawPut(Bytes key, Bytes value) -> {
                checkSizes(key, value);
                raw.put(key, value);
                yield written(region, after);
            }
            case Command.RawDelete(Bytes key) -> {
                checkKey(key);
                raw.put(key, null);
                yield written(region, after);
            }
            case Command.RawPutAll(var entries) -> {
                entries.forEach(entry -> checkSizes(entry.key(), entry.value()));
                entries.forEach(entry -> raw.put(entry.key(), entry.value()));
                yield written(region, after);
            }
            case Command.CompareAndSwap(Bytes key, long expected, Bytes value) -> {
                checkSizes(key, value);
                yield swap(region, after, key, expected, value);
            }
            case Command.CompareAndDelete(Bytes key, long expected) -> {
                checkKey(key);
                yield delete(region, after, key, expected);
            }
        };
    }

    /**
     * Writes everything, the regions' applied indexes and version floors included, in one write.
     * Durable when it returns, unless the batch came from {@link Replicas#newBatch()}. An empty
     * batch writes nothing.
     *
     * @throws WriteFailedException if the disk failed; whether the batch took effect is unknown,
     *     {@link StorageEngine#appliedIndex} tells once writes are possible again
     */
    public void commit() {
        checkOpen();
        done = true;
        if (!progress.isEmpty()) {
            engine.commit(logged, this::fill, progress);
        }
    }

    /** Lets others write. Without a commit nothing has happened. Closing again does nothing. */
    @Override
    public void close() {
        done = true;
        engine.release(this);
    }

    private Outcome written(RegionId region, RegionProgress after) {
        progress.put(region, after);
        return new Outcome.Written();
    }

    private Outcome swap(
            RegionId region, RegionProgress after, Bytes key, long expected, Bytes value) {
        VersionedValue current = current(key);
        long version = current == null ? 0 : current.version();
        if (version != expected) {
            return conflict(region, after, current);
        }
        long last = current == null ? after.versionFloor() : version;
        if (last == -1L) {
            throw new IllegalArgumentException(
                    "key " + key + " has no version left above " + Long.toUnsignedString(last));
        }
        cas.put(key, new VersionedValue(last + 1, value));
        progress.put(region, after);
        return new Outcome.Swapped(last + 1);
    }

    private Outcome delete(RegionId region, RegionProgress after, Bytes key, long expected) {
        VersionedValue current = current(key);
        long version = current == null ? 0 : current.version();
        if (version != expected) {
            return conflict(region, after, current);
        }
        if (current != null) {
            cas.put(key, null);
        }
        progress.put(region, after.withFloorAtLeast(version));
        return new Outcome.Swapped(0);
    }

    private Outcome conflict(
            RegionId region, RegionProgress after, @Nullable VersionedValue current) {
        progress.put(region, after);
        return current == null
                ? new Outcome.Conflict(0, null)
                : new Outcome.Conflict(current.version(), current.value());
    }

    private @Nullable VersionedValue current(Bytes key) {
        VersionedValue waiting = cas.get(key);
        return waiting != null || cas.containsKey(key) ? waiting : engine.getVersioned(key);
    }

    private RegionProgress progress(RegionId region) {
        RegionProgress waiting = progress.get(region);
        return waiting != null ? waiting : engine.progress(region);
    }

    private void fill(Database database, WriteBatch batch) throws RocksDBException {
        ColumnFamilyHandle rawFamily = database.handle(ColumnFamily.RAW);
        for (var entry : raw.entrySet()) {
            byte[] key = entry.getKey().unsafeArray();
            Bytes value = entry.getValue();
            if (value == null) {
                batch.delete(rawFamily, key);
            } else {
                batch.put(rawFamily, key, value.unsafeArray());
            }
        }
        ColumnFamilyHandle casFamily = database.handle(ColumnFamily.CAS);
        for (var entry : cas.entrySet()) {
            byte[] key = entry.getKey().unsafeArray();
            VersionedValue record = entry.getValue();
            if (record == null) {
                batch.delete(casFamily, key);
            } else {
                batch.put(casFamily, key, CasRecord.encode(record));
            }
        }
        for (var entry : progress.entrySet()) {
            RegionRecords.putProgress(database, batch, entry.getKey(), entry.getValue());
        }
    }

    private void checkOpen() {
        if (done) {
            throw new IllegalStateException("the batch is committed or closed");
        }
    }

    private static void checkSizes(Bytes key, Bytes value) {
        checkKey(key);
        refuse(SizeLimits.valueProblem(value.size()));
    }

    private static void checkKey(Bytes key) {
        refuse(SizeLimits.keyProblem(key.size()));
    }

    private static void refuse(@Nullable String problem) {
        if (problem != null) {
            throw new IllegalArgumentException(problem);
        }
    }
}
