package io.flaredb.storage;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * One data folder, open: raw and compare-and-swap records, and what a store knows about itself and
 * its regions.
 *
 * <p>Every write is in RocksDB's log and synced when the method returns, except those made through
 * {@link #replicas()}, which has a log of its own. Reads see what is committed, each from one
 * snapshot, and may come from any thread. Writers take turns: each holds the writer lock for one
 * call, or from {@link #newBatch()} until the batch is closed.
 *
 * <p>After a failed write reads go on, and writes are refused with {@link NotWritableException}
 * until the disk can be written again, which the next writer finds out; no restart is needed.
 *
 * <p>Every method that reads or writes records throws {@link IllegalStateException} once the engine
 * is closed, {@link CorruptionException} rather than serve bytes whose checksum is wrong, and
 * {@link ReadFailedException} if the disk cannot be read.
 */
public final class StorageEngine implements AutoCloseable {
    private final DataFolder folder;
    private final LiveDatabase live;
    private final RecordReader records;
    private final RequestRecords requests;
    private final StateMirror state = new StateMirror();
    private final WriteGate gate;
    private final Replicas replicas;
    private final ReentrantLock writer = new ReentrantLock();
    private @Nullable ApplyBatch openBatch; // guarded by writer

    private StorageEngine(DataFolder folder, StorageOptions options, LiveDatabase live) {
        this.folder = folder;
        this.live = live;
        this.records = new RecordReader(live);
        this.requests = new RequestRecords(live);
        this.gate = new WriteGate(folder, options, live);
        this.replicas = new Replicas(this, live, gate, new FreeSpace(folder, options));
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
        LiveDatabase live = null;
        try {
            folder.deleteStaging(); // first: opening may need the space
            live = LiveDatabase.open(folder, options);
            StorageEngine engine = new StorageEngine(folder, options, live);
            engine.loadState();
            return engine;
        } catch (RuntimeException | Error e) {
            if (live != null) {
                live.close();
            }
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
        StoreIdentity found = engine.state.identity();
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
        return Optional.ofNullable(state.identity());
    }

    /**
     * Says who the folder belongs to. Durable when it returns.
     *
     * @throws IllegalArgumentException if that contradicts what is stored
     */
    public void writeIdentity(StoreIdentity next) {
        asWriter(() -> {
            StoreIdentity known = state.identity();
            if (known != null && !known.mayBecome(next)) {
                throw new IllegalArgumentException(
                        "data folder " + folder.path() + " is " + known + ", not " + next);
            }
            putState(StateKey.IDENTITY, StateValue.ofIdentity(next));
            state.identity(next);
        });
    }

    /**
     * Adds a region or changes its descriptor. Durable when it returns.
     *
     * @param id not 0
     * @param descriptor opaque to the engine
     */
    public void putRegion(RegionId id, byte[] descriptor) {
        checkUserRegion(id);
        byte[] copy = descriptor.clone();
        asWriter(() -> {
            putState(new StateKey(id, StateKey.Kind.DESCRIPTOR), copy);
            state.descriptor(id, copy);
        });
    }

    /**
     * Forgets a region: descriptor, applied index, version floor and what replication keeps about
     * it, but not its records and log. Durable when it returns.
     *
     * @param id not 0
     */
    public void removeRegion(RegionId id) {
        checkUserRegion(id);
        asWriter(() -> {
            write(true, (database, batch) -> RegionRecords.delete(database, batch, id));
            state.remove(id);
        });
    }

    /** The descriptors of all regions: a copy. */
    public Map<RegionId, byte[]> regions() {
        return state.descriptors();
    }

    /** Index of the last command committed in the region, unsigned; 0: none. */
    public long appliedIndex(RegionId id) {
        return state.progress(id).appliedIndex();
    }

    /** The version above which the region creates keys, unsigned. */
    public long versionFloor(RegionId id) {
        return state.progress(id).versionFloor();
    }

    /** The engine as replication uses it. */
    public Replicas replicas() {
        return replicas;
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
            gate.pass(this::loadState);
        } catch (RuntimeException e) {
            writer.unlock();
            throw e;
        }
        openBatch = new ApplyBatch(this, true);
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
        return records.get(key);
    }

    /** Version and value of a compare-and-swap key; null: absent. */
    public @Nullable VersionedValue getVersioned(Bytes key) {
        return records.getVersioned(key);
    }

    /**
     * As {@link #get}, but never waits for a disk.
     *
     * @return null: absent, or not known without the disk
     */
    public @Nullable Bytes getFromMemory(Bytes key) {
        return records.getFromMemory(key);
    }

    /** As {@link #getVersioned}, but never waits for a disk; null as in {@link #getFromMemory}. */
    public @Nullable VersionedValue getVersionedFromMemory(Bytes key) {
        return records.getVersionedFromMemory(key);
    }

    /**
     * The raw records of those keys that exist, in the order of {@code keys}, at one moment.
     *
     * @param maxBytes most bytes of keys and values; one record is returned however large it is
     */
    public BatchPage getAll(List<Bytes> keys, long maxBytes) {
        return records.getAll(keys, maxBytes);
    }

    /**
     * A page of raw records in ascending order.
     *
     * @param limit most entries, at least 1
     * @param maxBytes most bytes of keys and values; a page has at least one entry all the same
     */
    public ScanPage<KeyValue> scan(KeyRange range, int limit, long maxBytes) {
        return records.scan(range, limit, maxBytes);
    }

    /** A page of compare-and-swap records, as {@link #scan}; a version counts as 8 bytes. */
    public ScanPage<VersionedEntry> scanVersioned(KeyRange range, int limit, long maxBytes) {
        return records.scanVersioned(range, limit, maxBytes);
    }

    /**
     * About how many bytes the range's records, raw and compare-and-swap, take: on disk after
     * compression, and in memory as far as they are not flushed yet.
     */
    public long approximateSizeBytes(KeyRange range) {
        return records.approximateSizeBytes(range);
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

    /**
     * Waits for what is running, a batch that another thread has open included, then lets go of the
     * folder. Closing again does nothing.
     */
    @Override
    public void close() {
        writer.lock();
        try {
            live.close();
            folder.close();
        } finally {
            writer.unlock();
        }
    }

    Path staging(String name) {
        return folder.staging(name);
    }

    RequestRecords requests() {
        return requests;
    }

    RegionProgress progress(RegionId region) {
        return state.progress(region);
    }

    /** Writes a batch and takes over the progress it makes. */
    void commit(
            boolean logged,
            List<RecordChange> records,
            Filling rest,
            Map<RegionId, RegionProgress> made) {
        RecordCache cache = live.cache();
        boolean done = false;
        cache.shut(records);
        try {
            write(
                    logged,
                    (database, batch) -> {
                        for (RecordChange record : records) {
                            record.fill(database, batch);
                        }
                        rest.fill(database, batch);
                    });
            done = true;
        } finally {
            cache.open(records, done);
        }
        state.progress(made);
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

    private void asWriter(Runnable change) {
        writer.lock();
        try {
            gate.pass(this::loadState);
            change.run();
        } finally {
            writer.unlock();
        }
    }

    private void putState(StateKey key, byte[] value) {
        write(
                true,
                (database, batch) ->
                        batch.put(database.handle(ColumnFamily.RAFT_STATE), key.encode(), value));
    }

    private void write(boolean logged, Filling filling) {
        gate.refuseIfShut();
        RocksDBException failure =
                live.<@Nullable RocksDBException>use(database -> {
                    try (WriteBatch batch = new WriteBatch()) {
                        filling.fill(database, batch);
                        if (logged) {
                            database.write(batch);
                        } else {
                            database.writeUnlogged(batch);
                        }
                        return null;
                    } catch (RocksDBException e) {
                        return e;
                    }
                });
        if (failure != null) {
            throw gate.failed(failure);
        }
    }

    private void loadState() {
        requests.reload();
        live.<@Nullable Void>use(database -> {
            state.load(database);
            return null;
        });
    }

    private static void checkUserRegion(RegionId id) {
        if (id.equals(RegionId.STORE)) {
            throw new IllegalArgumentException("region id is 0: allowed are 1 and above");
        }
    }
}
