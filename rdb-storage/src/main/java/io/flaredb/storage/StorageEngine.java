package io.flaredb.storage;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import io.flaredb.bytes.SizeLimits;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.Range;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.Slice;
import org.rocksdb.Snapshot;
import org.rocksdb.WriteBatch;

/**
 * One data folder, open: raw and compare-and-swap records, and what a store knows about itself and
 * its regions.
 *
 * <p>Every write is in RocksDB's log and synced when the method returns. Reads see what is
 * committed, each from one snapshot, and may come from any thread. Writers take turns: each holds
 * the writer lock for one call, or from {@link #newBatch()} until the batch is closed.
 *
 * <p>After a failed write reads go on, and writes are refused with {@link NotWritableException}
 * until the disk can be written again, which the next writer finds out; no restart is needed.
 *
 * <p>Every method throws {@link IllegalStateException} once the engine is closed, and {@link
 * CorruptionException} rather than serve bytes whose checksum is wrong.
 */
public final class StorageEngine implements AutoCloseable {
    private final DataFolder folder;
    private final LiveDatabase live;
    private final WriteGate gate;
    private final ReentrantLock writer = new ReentrantLock();
    private @Nullable ApplyBatch openBatch; // guarded by writer

    // Changed by the holder of the writer lock, after the write that made it so; read by anyone.
    private final Map<RegionId, RegionProgress> progress = new ConcurrentHashMap<>();
    private final Map<RegionId, byte[]> regions = new ConcurrentHashMap<>();
    private volatile @Nullable StoreIdentity identity;

    private StorageEngine(DataFolder folder, StorageOptions options, LiveDatabase live) {
        this.folder = folder;
        this.live = live;
        this.gate = new WriteGate(folder, options, live);
    }

    /**
     * Opens the store in {@code dataDir}, or creates one if the folder is absent or empty.
     *
     * @throws DataFolderInUseException if another engine has it open, here or in another process
     * @throws DataFolderUnusableException if it cannot be used: no directory, not accessible,
     *     foreign files, an unknown column family, a newer format
     * @throws CorruptionException if it is damaged
     */
    public static StorageEngine open(Path dataDir, StorageOptions options) {
        DataFolder folder = DataFolder.hold(dataDir);
        try {
            LiveDatabase live = LiveDatabase.open(folder, options);
            try {
                StorageEngine engine = new StorageEngine(folder, options, live);
                engine.load();
                return engine;
            } catch (StorageException e) {
                live.close();
                throw e;
            }
        } catch (StorageException e) {
            folder.close();
            throw e;
        }
    }

    /**
     * The same, for a process of one role.
     *
     * @throws DataFolderUnusableException also if the folder belongs to a process of another role
     */
    public static StorageEngine open(Path dataDir, StorageOptions options, Role expected) {
        StorageEngine engine = open(dataDir, options);
        StoreIdentity found = engine.identity;
        if (found != null && found.role() != expected) {
            engine.close();
            throw new DataFolderUnusableException(
                    "data folder %s belongs to %s, not to %s"
                            .formatted(
                                    engine.folder.path(),
                                    found.role().description(),
                                    expected.description()),
                    null);
        }
        return engine;
    }

    /** Who the folder belongs to; empty: nobody has said so yet. */
    public Optional<StoreIdentity> identity() {
        return Optional.ofNullable(identity);
    }

    /**
     * Says who the folder belongs to. Durable when it returns.
     *
     * @throws IllegalArgumentException if that contradicts what is stored
     */
    public void writeIdentity(StoreIdentity next) {
        writing(() -> {
            StoreIdentity known = identity;
            if (known != null && !known.mayBecome(next)) {
                throw new IllegalArgumentException(
                        "data folder " + folder.path() + " is " + known + ", not " + next);
            }
            write((database, batch) ->
                    batch.put(
                            database.handle(ColumnFamily.RAFT_STATE),
                            StateKey.IDENTITY.encode(),
                            StateValue.ofIdentity(next)));
            identity = next;
        });
    }

    /**
     * Adds a region or changes its descriptor. Durable when it returns.
     *
     * @param descriptor opaque to the engine
     */
    public void putRegion(RegionId id, byte[] descriptor) {
        if (id.equals(RegionId.STORE)) {
            throw new IllegalArgumentException("region id is 0: allowed are 1 and above");
        }
        byte[] copy = descriptor.clone();
        writing(() -> {
            write((database, batch) ->
                    batch.put(
                            database.handle(ColumnFamily.RAFT_STATE),
                            new StateKey(id, StateKey.Kind.DESCRIPTOR).encode(),
                            copy));
            regions.put(id, copy);
        });
    }

    /**
     * Forgets a region: descriptor, applied index and version floor, but not its records. Durable
     * when it returns.
     */
    public void removeRegion(RegionId id) {
        writing(() -> {
            write((database, batch) -> RegionRecords.delete(database, batch, id));
            regions.remove(id);
            progress.remove(id);
        });
    }

    /** The descriptors of all regions: a copy. */
    public Map<RegionId, byte[]> regions() {
        Map<RegionId, byte[]> copy = new TreeMap<>();
        regions.forEach((id, descriptor) -> copy.put(id, descriptor.clone()));
        return copy;
    }

    /** Index of the last command committed in the region, unsigned; 0: none. */
    public long appliedIndex(RegionId id) {
        return progress(id).appliedIndex();
    }

    /** The version above which the region creates keys, unsigned. */
    public long versionFloor(RegionId id) {
        return progress(id).versionFloor();
    }

    /**
     * Starts a batch, waiting for the one another thread has open.
     *
     * @throws NotWritableException if writes are suspended
     * @throws IllegalStateException if this thread has a batch open
     */
    public ApplyBatch newBatch() {
        writer.lock();
        try {
            if (openBatch != null) {
                throw new IllegalStateException("this thread has a batch open already");
            }
            ensureWritable();
        } catch (RuntimeException e) {
            writer.unlock();
            throw e;
        }
        openBatch = new ApplyBatch(this);
        return openBatch;
    }

    /**
     * Applies commands in one batch, at the indexes behind the region's applied index, and commits
     * it.
     *
     * @return the outcomes, in the order of the commands
     * @throws IllegalArgumentException if a command is refused; then none had an effect
     * @throws NotWritableException if writes are suspended; then none had an effect
     * @throws WriteFailedException if the disk failed; then it is not known whether they had
     */
    public List<Outcome> apply(RegionId id, List<Command> commands) {
        try (ApplyBatch batch = newBatch()) {
            List<Outcome> outcomes = new ArrayList<>(commands.size());
            long index = appliedIndex(id);
            for (Command command : commands) {
                outcomes.add(batch.apply(id, ++index, command));
            }
            batch.commit();
            return outcomes;
        }
    }

    /** The value of a raw key; null: absent. */
    public @Nullable Bytes get(Bytes key) {
        byte[] value =
                live.<byte @Nullable []>use(
                        database -> database.get(ColumnFamily.RAW, key.unsafeArray()));
        return value == null ? null : Bytes.wrap(value);
    }

    /** Version and value of a compare-and-swap key; null: absent. */
    public @Nullable VersionedValue getVersioned(Bytes key) {
        byte[] stored =
                live.<byte @Nullable []>use(
                        database -> database.get(ColumnFamily.CAS, key.unsafeArray()));
        return stored == null ? null : CasRecord.decode(key, stored);
    }

    /**
     * The raw records of those keys that exist, in the order of {@code keys}, at one moment.
     *
     * @param maxBytes most bytes of keys and values; at least one key is looked at all the same
     */
    public BatchPage getAll(List<Bytes> keys, long maxBytes) {
        return live.use(database -> {
            // RocksDB's own call for many keys answers a damaged one as if it were absent.
            Snapshot snapshot = database.snapshot();
            try (ReadOptions options = new ReadOptions().setSnapshot(snapshot)) {
                List<KeyValue> found = new ArrayList<>();
                long bytes = 0;
                int done = 0;
                while (done < keys.size() && (done == 0 || bytes < maxBytes)) {
                    Bytes key = keys.get(done++);
                    byte[] value = database.get(ColumnFamily.RAW, options, key.unsafeArray());
                    if (value != null) {
                        found.add(new KeyValue(key, Bytes.wrap(value)));
                        bytes += (long) key.size() + value.length;
                    }
                }
                return new BatchPage(found, done);
            } finally {
                database.release(snapshot);
            }
        });
    }

    /**
     * A page of raw records in ascending order.
     *
     * @param limit most entries, at least 1
     * @param maxBytes most bytes of keys and values; a page has at least one entry all the same
     */
    public ScanPage<KeyValue> scan(KeyRange range, int limit, long maxBytes) {
        RangeScan scan = new RangeScan(ColumnFamily.RAW, range, limit, maxBytes);
        return live.use(database ->
                scan.read(database, (key, value) -> new KeyValue(key, Bytes.wrap(value))));
    }

    /** A page of compare-and-swap records, as {@link #scan}; a version counts as 8 bytes. */
    public ScanPage<VersionedEntry> scanVersioned(KeyRange range, int limit, long maxBytes) {
        RangeScan scan = new RangeScan(ColumnFamily.CAS, range, limit, maxBytes);
        return live.use(database ->
                scan.read(
                        database,
                        (key, stored) -> {
                            VersionedValue record = CasRecord.decode(key, stored);
                            return new VersionedEntry(key, record.version(), record.value());
                        }));
    }

    /** About how many bytes the range's records, raw and compare-and-swap, take on disk. */
    public long approximateSizeBytes(KeyRange range) {
        if (range.isEmpty()) {
            return 0;
        }
        byte[] end = range.endExclusive().unsafeArray();
        if (end.length == 0) {
            end = new byte[SizeLimits.MAX_KEY_BYTES + 1]; // above every key there can be
            Arrays.fill(end, (byte) 0xff);
        }
        byte[] endExclusive = end;
        return live.use(database -> {
            try (Slice from = new Slice(range.startInclusive().unsafeArray());
                    Slice to = new Slice(endExclusive)) {
                Range bytes = new Range(from, to);
                return database.approximateSizes(ColumnFamily.RAW, bytes)[0]
                        + database.approximateSizes(ColumnFamily.CAS, bytes)[0];
            }
        });
    }

    /** Sizes and health, read now. */
    public StorageStats stats() {
        return live.use(database ->
                new StorageStats(
                        database.property("rocksdb.live-sst-files-size"),
                        database.property("rocksdb.cur-size-all-mem-tables"),
                        database.blockCacheUsedBytes(),
                        folder.diskBytes(),
                        folder.freeBytes(),
                        gate.reason()));
    }

    /** Waits for what is running, then closes the folder. Closing again does nothing. */
    @Override
    public void close() {
        writer.lock(); // a batch that is open can still be committed
        try {
            live.close();
            folder.close();
        } finally {
            writer.unlock();
        }
    }

    RegionProgress progress(RegionId region) {
        return progress.getOrDefault(region, RegionProgress.NONE);
    }

    /** Writes a batch's records and takes over its progress. */
    void commit(Filling filling, Map<RegionId, RegionProgress> reached) {
        write(filling);
        progress.putAll(reached);
    }

    void release(ApplyBatch batch) {
        if (openBatch == batch) {
            openBatch = null;
            writer.unlock();
        }
    }

    /** Puts records into a batch that is about to be written. */
    interface Filling {
        void fill(Database database, WriteBatch batch) throws RocksDBException;
    }

    private void writing(Runnable change) {
        writer.lock();
        try {
            ensureWritable();
            change.run();
        } finally {
            writer.unlock();
        }
    }

    private void ensureWritable() {
        if (gate.pass()) {
            load();
        }
    }

    private void write(Filling filling) {
        gate.refuseIfShut();
        RocksDBException failure =
                live.<@Nullable RocksDBException>use(database -> {
                    try (WriteBatch batch = new WriteBatch()) {
                        filling.fill(database, batch);
                        database.write(batch);
                        return null;
                    } catch (RocksDBException e) {
                        return e;
                    }
                });
        if (failure != null) {
            throw gate.shut(failure);
        }
    }

    private void load() {
        RegionRecords records = live.use(RegionRecords::read);
        byte[] stored =
                live.<byte @Nullable []>use(database ->
                        database.get(ColumnFamily.RAFT_STATE, StateKey.IDENTITY.encode()));
        identity = stored == null ? null : StateValue.toIdentity(stored);
        regions.keySet().retainAll(records.descriptors().keySet());
        regions.putAll(records.descriptors());
        progress.keySet().retainAll(records.progress().keySet());
        progress.putAll(records.progress());
    }
}
