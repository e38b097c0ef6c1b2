package io.flaredb.pd;

import io.flaredb.pd.tso.BoundStore;
import io.flaredb.storage.ApplyBatch;
import io.flaredb.storage.Command;
import io.flaredb.storage.CorruptionException;
import io.flaredb.storage.KeyValue;
import io.flaredb.storage.RegionId;
import io.flaredb.storage.StorageEngine;
import io.flaredb.storage.StorageException;
import io.flaredb.storage.WriteFailedException;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The placement driver's state: an immutable value that any thread reads, changed by one thread at
 * a time, which writes the records first and publishes the new value once they are durable.
 *
 * <p>Records go through the engine's one write path as commands of region 0, so that replicating
 * them later is replicating a region.
 */
final class DurableState implements BoundStore {
    /**
     * What a decision comes to.
     *
     * @param records what of {@code next} must be durable before it is published; may be empty
     */
    record Change(PlacementState next, List<KeyValue> records) {}

    private final StorageEngine engine;
    private final Consumer<Throwable> onFatal;

    /**
     * Held while a change is decided and written. Fair, since the engine's own is not: a stream of
     * heartbeats must not keep the timestamp bound waiting.
     */
    private final ReentrantLock writes = new ReentrantLock(true);

    /** Written by the holder of the lock. */
    private volatile PlacementState state;

    /** A failed write may show up later, so the records must be read again. Guarded by the lock. */
    private boolean uncertain;

    /**
     * @param onFatal told of a folder that is found damaged: there is no writing to it any more
     */
    DurableState(StorageEngine engine, Consumer<Throwable> onFatal) {
        this.engine = engine;
        this.onFatal = onFatal;
        this.state = PlacementRecords.load(engine);
    }

    /** What is durable now, never waiting for a write. */
    PlacementState current() {
        return state;
    }

    /**
     * Decides a change on the current state, writes it and publishes it. Durable when it returns.
     *
     * @param decision may throw to refuse; then nothing changes
     * @return the state with the change
     * @throws PlacementDriverException.Unavailable if it could not be written
     * @throws PlacementDriverException.InvalidRequest if a record is too long
     */
    PlacementState change(Function<PlacementState, Change> decision) {
        writes.lock();
        try (ApplyBatch batch = engine.newBatch()) {
            if (uncertain) {
                state = PlacementRecords.load(engine);
                uncertain = false;
            }
            Change change = decision.apply(state);
            write(batch, change.records());
            state = change.next();
            return change.next();
        } catch (WriteFailedException e) {
            uncertain = true;
            throw new PlacementDriverException.Unavailable(e);
        } catch (CorruptionException e) {
            onFatal.accept(e);
            throw new PlacementDriverException.Unavailable(e);
        } catch (StorageException e) {
            throw new PlacementDriverException.Unavailable(e);
        } catch (IllegalArgumentException e) { // a record over the engine's size limits
            throw new PlacementDriverException.InvalidRequest(String.valueOf(e.getMessage()));
        } finally {
            writes.unlock();
        }
    }

    @Override
    public long load() {
        var stored = engine.get(PlacementRecords.TSO_BOUND);
        return stored == null ? 0 : PlacementRecords.readU64(PlacementRecords.TSO_BOUND, stored);
    }

    @Override
    public void persist(long bound) {
        writes.lock();
        try (ApplyBatch batch = engine.newBatch()) {
            write(batch, List.of(PlacementRecords.tsoBound(bound)));
        } catch (CorruptionException e) {
            onFatal.accept(e);
            throw e;
        } finally {
            writes.unlock();
        }
    }

    private void write(ApplyBatch batch, List<KeyValue> records) {
        if (!records.isEmpty()) {
            batch.apply(
                    RegionId.STORE,
                    engine.appliedIndex(RegionId.STORE) + 1,
                    new Command.RawPutAll(records));
            batch.commit();
        }
    }
}
