package io.flaredb.storage;

import io.flaredb.bytes.KeyRange;
import io.flaredb.storage.StateKey.Kind;
import io.flaredb.storage.StorageEngine.Filling;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * The engine as replication uses it: logs that are durable when written, and records that need not
 * be, since the log brings them back.
 *
 * <p>Records, version floors and applied indexes go to memory only and reach the disk together, by
 * {@link #flush()} or when memory is full. After a crash a region stands at {@link #flushedIndex}
 * and whoever replicates it applies the log from there; so a log may be cut only below that index.
 *
 * <p>Any thread. Batches of different regions may be open at the same time; those of one region
 * belong to one thread. Once anything was written this way a failed write cannot be mended in
 * place, since that would lose what is in memory while its owners count on it: writes are refused
 * until the engine is closed and opened, and the regions replayed.
 */
public final class Replicas {
    private static final byte[] INSTALLING = {};
    private static final byte[] DESTROYING = {1};

    private final StorageEngine engine;
    private final LiveDatabase live;
    private final WriteGate gate;
    private final FreeSpace space;
    private final Map<RegionId, RaftLog> logs = new ConcurrentHashMap<>();
    final Object flushing = new Object(); // held while all is flushed

    Replicas(StorageEngine engine, LiveDatabase live, WriteGate gate, FreeSpace space) {
        this.engine = engine;
        this.live = live;
        this.gate = gate;
        this.space = space;
    }

    /** The log of a region, empty if it never had one. */
    public RaftLog log(RegionId region) {
        return logs.computeIfAbsent(region, id -> new RaftLog(live, this::writeSynced, id));
    }

    /**
     * Starts a batch for one region whose {@link ApplyBatch#commit()} writes to memory only. It
     * waits for no other batch.
     *
     * @throws NotWritableException if an earlier write failed
     */
    public ApplyBatch newBatch() {
        gate.needsReopening();
        gate.refuseIfShut();
        return new ApplyBatch(engine, false);
    }

    /**
     * Refuses writes while the disk has little space left: not because the next one would fail, but
     * because what fails here ends the replica, and the space that is left must do for votes, for
     * what other leaders send and for flushing. Cheap enough for each write.
     *
     * @throws NotWritableException if there is too little, or an earlier write failed
     */
    public void refuseIfFull() {
        gate.refuseIfShut();
        space.check();
    }

    /** Why {@link #refuseIfFull} refuses; null: it does not. */
    public @Nullable String notWritableReason() {
        String reason = gate.reason();
        return reason != null ? reason : space.problem();
    }

    /**
     * Brings everything applied so far to disk, in all regions. Takes as long as the disk needs for
     * what is in memory, at most a few write buffers.
     *
     * @throws WriteFailedException if the disk failed
     * @throws NotWritableException if an earlier write failed
     */
    public void flush() {
        synchronized (flushing) { // the second of two that come together finds nothing left to do
            CrashPoint.FLUSHING.reached();
            change(Database::flush);
            CrashPoint.FLUSHED.reached();
        }
    }

    /** Makes sure that a crash does not take the region back below {@code index}, unsigned. */
    public void flush(RegionId region, long index) {
        if (isFlushed(region, index)) {
            return;
        }
        synchronized (flushing) {
            if (!isFlushed(region, index)) { // by whoever it has waited for
                flush();
            }
        }
    }

    private boolean isFlushed(RegionId region, long index) {
        return Long.compareUnsigned(flushedIndex(region), index) >= 0;
    }

    /** Where the region would stand after a crash right now, unsigned. */
    public long flushedIndex(RegionId region) {
        StateKey key = new StateKey(region, Kind.APPLIED_INDEX);
        byte[] stored =
                live.<byte @Nullable []>use(
                        database -> database.getFlushed(ColumnFamily.RAFT_STATE, key.encode()));
        return stored == null ? 0 : StateValue.toU64(key, stored);
    }

    /**
     * Copies the records of a region, as of now, into new table files. Takes as long as reading and
     * writing them all; other work goes on meanwhile, but the engine cannot be closed.
     *
     * @param folder an empty folder; what is written there is the caller's to delete
     * @param cancelled asked now and then
     * @throws java.util.concurrent.CancellationException if it said yes
     * @throws IllegalStateException if the region has no records to speak of, see {@link
     *     #isInstalling}
     * @throws NotWritableException if the disk has little space left
     * @throws ReadFailedException if a record could not be read or a file not be written
     */
    public RegionTables export(
            RegionId region, KeyRange range, Path folder, BooleanSupplier cancelled) {
        TableExport export = new TableExport(region, range, folder, cancelled, space);
        return live.use(database -> {
            try {
                return export.from(database);
            } catch (RocksDBException e) {
                throw RocksFailure.onRead(folder, e);
            }
        });
    }

    /**
     * Computes a checksum of a region's records and version floor as of now. Returns once the
     * moment is fixed, so what is written afterwards does not count; the rest is done by {@code
     * executor} and takes as long as reading all records. The engine cannot be closed meanwhile.
     *
     * @param cancelled asked now and then
     * @return fails with a {@link StorageException}, say because a record is damaged, or with a
     *     {@link java.util.concurrent.CancellationException} if {@code cancelled} said yes
     */
    public CompletableFuture<RegionDigest> digest(
            RegionId region, KeyRange range, BooleanSupplier cancelled, Executor executor) {
        CompletableFuture<RegionDigest> digest = new CompletableFuture<>();
        CountDownLatch fixed = new CountDownLatch(1);
        executor.execute(() -> {
            try {
                digest.complete(
                        live.use(database ->
                                RegionDigest.of(
                                        database, region, range, cancelled, fixed::countDown)));
            } catch (RuntimeException | Error e) {
                digest.completeExceptionally(e);
            } finally {
                fixed.countDown();
            }
        });
        boolean interrupted = false;
        while (fixed.getCount() > 0) {
            try {
                fixed.await();
            } catch (InterruptedException e) {
                interrupted = true; // the caller counts on the moment being fixed
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return digest;
    }

    /**
     * Replaces the records of a region by those of another store, durably. The files are moved into
     * the engine. If this is cut short {@link #isInstalling} says so, and the region has no records
     * to speak of until an installation succeeds.
     *
     * @param atLeast the applied index the tables are known to be at, even if the last entries
     *     before it had no effect that would be recorded in them; unsigned
     * @param snapshot see {@link RaftLog#saveSnapshot}; saved with the last step
     * @param noteMore writes down what else there is to know, durably; run before the last step, so
     *     that it is repeated with the others if it is cut short
     */
    public void install(
            RegionId region,
            KeyRange range,
            RegionTables tables,
            long atLeast,
            byte[] snapshot,
            Runnable noteMore) {
        long index =
                Long.compareUnsigned(tables.appliedIndex(), atLeast) > 0
                        ? tables.appliedIndex()
                        : atLeast;
        RegionProgress reached = new RegionProgress(index, tables.versionFloor());
        CrashPoint.INSTALL_FETCHED.reached();
        mark(region, INSTALLING);
        CrashPoint.INSTALL_MARKED.reached();
        clear(region, range);
        CrashPoint.INSTALL_CLEARED.reached();
        live.cache().emptyAround(() -> ingest(tables));
        CrashPoint.INSTALL_INGESTED.reached();
        engine.commit(
                false,
                List.of(),
                (database, batch) -> RegionRecords.putProgress(database, batch, region, reached),
                Map.of(region, reached));
        engine.requests().reload(region);
        CrashPoint.INSTALL_COMMITTED.reached();
        flush();
        CrashPoint.INSTALL_FLUSHED.reached();
        noteMore.run();
        writeSynced((database, batch) -> {
            ColumnFamilyHandle state = database.handle(ColumnFamily.RAFT_STATE);
            batch.put(state, new StateKey(region, Kind.SNAPSHOT).encode(), snapshot);
            batch.delete(state, new StateKey(region, Kind.INSTALLING).encode());
        });
        CrashPoint.INSTALLED.reached();
    }

    private void ingest(RegionTables tables) {
        change(database -> {
            if (!tables.raw().isEmpty()) {
                database.ingest(ColumnFamily.RAW, names(tables.raw()));
            }
            CrashPoint.INSTALL_HALF_INGESTED.reached();
            if (!tables.cas().isEmpty()) {
                database.ingest(ColumnFamily.CAS, names(tables.cas()));
            }
            if (!tables.requests().isEmpty()) {
                database.ingest(ColumnFamily.REQUESTS, names(tables.requests()));
            }
        });
    }

    /**
     * When the session of the region's numbered writes that is idle for the longest was last
     * active, in milliseconds of the clock in the log; the largest long: there is none.
     */
    public long requestsIdleSinceMillis(RegionId region) {
        return engine.requests().of(region).idleSinceMillis();
    }

    /**
     * Since when the region remembers the sessions of numbered writes, by their starts: a session
     * that begins then or later is not taken for a forgotten one. May read from the disk.
     */
    public long requestsRememberedFromMillis(RegionId region) {
        return engine.requests().of(region).rememberedFromMillis();
    }

    /** Whether an installation was begun and not finished. */
    public boolean isInstalling(RegionId region) {
        return mark(region) != null;
    }

    /**
     * Whether {@link #destroy} was begun and not finished: then it must be repeated, for the
     * replica was no member any more and would get its records again if it were started.
     */
    public boolean isBeingDestroyed(RegionId region) {
        return Arrays.equals(mark(region), DESTROYING);
    }

    private byte @Nullable [] mark(RegionId region) {
        byte[] key = new StateKey(region, Kind.INSTALLING).encode();
        return live.<byte @Nullable []>use(database -> database.get(ColumnFamily.RAFT_STATE, key));
    }

    /**
     * Removes a replica: records, log and all that is known of it, durably. To be repeated if it is
     * cut short; until then the region counts as one being installed.
     */
    public void destroy(RegionId region, KeyRange range) {
        mark(region, DESTROYING);
        CrashPoint.DESTROY_MARKED.reached();
        clear(region, range);
        CrashPoint.DESTROY_CLEARED.reached();
        flush();
        CrashPoint.DESTROY_FLUSHED.reached();
        log(region).reset(1);
        CrashPoint.DESTROY_LOG_RESET.reached();
        engine.removeRegion(region);
        CrashPoint.DESTROYED.reached();
        logs.remove(region);
    }

    private void mark(RegionId region, byte[] why) {
        writeSynced((database, batch) ->
                batch.put(
                        database.handle(ColumnFamily.RAFT_STATE),
                        new StateKey(region, Kind.INSTALLING).encode(),
                        why));
    }

    private void clear(RegionId region, KeyRange range) {
        gate.needsReopening();
        byte[] from = range.startInclusive().unsafeArray();
        byte[] to = RecordReader.endOf(range);
        KeyRange requests = RequestKey.range(region);
        live.cache()
                .emptyAround(() ->
                        engine.commit(
                                false,
                                List.of(),
                                (database, batch) -> {
                                    batch.deleteRange(database.handle(ColumnFamily.RAW), from, to);
                                    batch.deleteRange(database.handle(ColumnFamily.CAS), from, to);
                                    batch.deleteRange(
                                            database.handle(ColumnFamily.REQUESTS),
                                            requests.startInclusive().unsafeArray(),
                                            requests.endExclusive().unsafeArray());
                                    RegionRecords.clearProgress(database, batch, region);
                                },
                                Map.of(region, RegionProgress.NONE)));
        engine.requests().reload(region);
    }

    private interface Change {
        void on(Database database) throws RocksDBException;
    }

    private void change(Change change) {
        gate.refuseIfShut();
        @Nullable RocksDBException failure =
                live.<@Nullable RocksDBException>use(database -> {
                    try {
                        change.on(database);
                        return null;
                    } catch (RocksDBException e) {
                        return e;
                    }
                });
        if (failure != null) {
            throw gate.failed(failure);
        }
    }

    private static List<String> names(List<Path> files) {
        return files.stream().map(Path::toString).toList();
    }

    /**
     * A folder for table files on the engine's disk, empty; made if need be.
     *
     * @param name what for; the same name gives the same folder
     */
    public Path staging(String name) {
        return engine.staging(name);
    }

    /**
     * Writes logs. Groups whose writes come while the disk syncs share the next fsync, with no
     * thread in between; what is applied meanwhile goes on.
     */
    private void writeSynced(Filling filling) {
        change(database -> {
            try (WriteBatch batch = new WriteBatch()) {
                filling.fill(database, batch);
                database.writeThenSync(batch);
            }
        });
    }
}
