package io.flaredb.storage;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.SizeLimits;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
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
    private final CasChanges cas;
    private final Map<RegionId, RegionProgress> progress = new HashMap<>();
    private final Map<RegionId, RequestChanges> requests = new HashMap<>();
    private final boolean logged;
    private @Nullable SharedEntry shared; // null: each command has an index of its own
    private boolean done;
    private boolean committed;

    /** An entry of the log with several commands. */
    private static final class SharedEntry {
        private final RegionId region;
        private final long index;
        private int parts; // so far

        SharedEntry(RegionId region, long index) {
            this.region = region;
            this.index = index;
        }

        boolean isAt(RegionId otherRegion, long otherIndex) {
            return index == otherIndex && region.equals(otherRegion);
        }
    }

    /** Most commands of one index, so that they can be told apart, see {@link #order}. */
    public static final int MAX_SHARING = 1_024;

    /**
     * @param logged whether a commit is durable; else it is only kept in memory, in one piece
     */
    ApplyBatch(StorageEngine engine, boolean logged) {
        this.engine = engine;
        this.logged = logged;
        this.cas = new CasChanges(engine::getVersioned);
    }

    /**
     * The commands that follow at this index are the parts of one entry: all or none of them are
     * committed with it.
     *
     * @throws IllegalArgumentException if the index does not exceed the applied one
     */
    public void share(RegionId region, long index) {
        reached(region, index);
        shared = new SharedEntry(region, index);
    }

    /**
     * Decides a command. Nothing is written before {@link #commit()}.
     *
     * <p>A command that is refused by an exception leaves the batch as it was.
     *
     * @param index the command's place in the region's log, unsigned; must exceed that of every
     *     command applied in the region before, in this batch or a committed one, but for those it
     *     {@link #share shares} it with. A command that was applied already is not skipped in
     *     silence, since its outcome is not known any more: who replays a log starts behind {@link
     *     StorageEngine#appliedIndex}
     * @throws IllegalArgumentException if the index does not exceed the applied one, a key or value
     *     is not within {@link SizeLimits}, or the next version would exceed the largest u64
     * @throws CorruptionException if the key's record is damaged
     */
    public Outcome apply(RegionId region, long index, Command command) {
        return decide(region, reached(region, index), command);
    }

    /**
     * Decides a command that may come again. If it has come before, what it came to then is the
     * answer and nothing changes. The outcome is remembered with the effects.
     *
     * @param index as in {@link #apply(RegionId, long, Command)}
     * @param nowMillis the time as the log tells it, milliseconds since 1970; may jump
     * @return never {@link Fate.NeverDone}
     * @throws IllegalArgumentException as in {@link #apply(RegionId, long, Command)}; nothing is
     *     remembered then
     */
    public Fate apply(RegionId region, long index, RequestId id, long nowMillis, Command command) {
        RegionProgress after = reached(region, index);
        RequestChanges changes = changes(region);
        RequestTable table = changes.table();
        table.tick(nowMillis);
        Fate known = table.find(id);
        if (known == null) {
            Outcome outcome = decide(region, after, command);
            table.remember(id, order(region, index), OutcomeCodec.encode(outcome), changes);
            return new Fate.First(outcome);
        }
        progress.put(region, after);
        table.touch(id, order(region, index), changes);
        return known instanceof Fate.NeverDone ? table.forgotten() : known;
    }

    /**
     * Finds out what became of a numbered write, and if it has not happened makes sure that it
     * never will.
     *
     * @return never {@link Fate.First}
     */
    public Fate settle(RegionId region, long index, RequestId id, long nowMillis) {
        progress.put(region, reached(region, index));
        RequestChanges changes = changes(region);
        RequestTable table = changes.table();
        table.tick(nowMillis);
        Fate known = table.find(id);
        if (known == null) {
            table.remember(id, order(region, index), OutcomeCodec.neverDone(), changes);
            return new Fate.NeverDone();
        }
        table.touch(id, order(region, index), changes);
        return known;
    }

    /** Forgets the numbered writes of sessions that have been idle since before a time. */
    public void forgetIdle(RegionId region, long index, long beforeMillis) {
        progress.put(region, reached(region, index));
        RequestChanges changes = changes(region);
        changes.table().forgetIdle(beforeMillis, changes);
    }

    private RequestChanges changes(RegionId region) {
        return requests.computeIfAbsent(
                region, id -> new RequestChanges(id, engine.requests().of(id)));
    }

    /** Ascends through the log, also within an entry that several commands share. */
    private long order(RegionId region, long index) {
        SharedEntry entry = shared;
        int part = entry != null && entry.isAt(region, index) ? entry.parts++ : 0;
        return index * MAX_SHARING + part;
    }

    private RegionProgress reached(RegionId region, long index) {
        checkOpen();
        RegionProgress before = progress(region);
        SharedEntry entry = shared;
        if (entry != null && entry.isAt(region, index)) {
            return before.withAppliedIndex(index);
        }
        if (Long.compareUnsigned(index, before.appliedIndex()) <= 0) {
            throw new IllegalArgumentException(
                    "command %s of region %s is already applied: it is at %s"
                            .formatted(
                                    Long.toUnsignedString(index),
                                    region,
                                    Long.toUnsignedString(before.appliedIndex())));
        }
        return before.withAppliedIndex(index);
    }

    private Outcome decide(RegionId region, RegionProgress after, Command command) {
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
                yield versioned(region, cas.swap(after, key, expected, value));
            }
            case Command.CompareAndDelete(Bytes key, long expected) -> {
                checkKey(key);
                yield versioned(region, cas.delete(after, key, expected));
            }
            case Command.CasBatch(List<CasStep> steps) -> {
                steps.forEach(ApplyBatch::checkSizes);
                yield versioned(region, cas.batch(after, steps));
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
            CrashPoint.APPLYING.reached();
            engine.commit(logged, records(), this::fill, progress);
            CrashPoint.APPLIED.reached();
        }
        committed = true;
        requests.values().forEach(changes -> changes.table().noteIdle());
    }

    /** Lets others write. Without a commit nothing has happened. Closing again does nothing. */
    @Override
    public void close() {
        done = true;
        if (!committed) { // the tables are ahead of what is stored
            requests.keySet().forEach(engine.requests()::reload);
        }
        engine.release(this);
    }

    private Outcome written(RegionId region, RegionProgress after) {
        progress.put(region, after);
        return new Outcome.Written();
    }

    private Outcome versioned(RegionId region, CasChanges.Decision decision) {
        progress.put(region, decision.after());
        return decision.outcome();
    }

    private RegionProgress progress(RegionId region) {
        RegionProgress waiting = progress.get(region);
        return waiting != null ? waiting : engine.progress(region);
    }

    private List<RecordChange> records() {
        List<RecordChange> changes = new ArrayList<>();
        raw.forEach((key, value) -> {
            byte[] stored = value == null ? null : value.unsafeArray();
            changes.add(new RecordChange(ColumnFamily.RAW, key.unsafeArray(), stored));
        });
        cas.addTo(changes);
        return changes;
    }

    private void fill(Database database, WriteBatch batch) throws RocksDBException {
        for (RequestChanges changes : requests.values()) {
            changes.fill(database, batch);
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

    private static void checkSizes(CasStep step) {
        switch (step) {
            case CasStep.Swap(Bytes key, long _, Bytes value) -> checkSizes(key, value);
            case CasStep.Delete(Bytes key, long _) -> checkKey(key);
            case CasStep.Check(Bytes key, long _) -> checkKey(key);
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
