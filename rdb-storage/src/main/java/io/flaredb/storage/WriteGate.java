package io.flaredb.storage;

import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether writes are possible. A failed write shuts the gate; the next writers try to open it
 * again, so no thread is needed to watch the disk.
 *
 * <p>Thread-safe.
 */
final class WriteGate {
    private static final Logger LOG = LoggerFactory.getLogger(WriteGate.class);

    /**
     * Least time between two attempts. Each closes and opens the database, holding up reads: not
     * for each of many waiting writes, nor again and again on a disk whose every sync fails.
     */
    private static final long RETRY_NANOS = 1_000_000_000L;

    /** Of a disk, at most this fraction must be free before writes resume. */
    private static final int SPARE_FRACTION = 16;

    private final DataFolder folder;
    private final StorageOptions options;
    private final LiveDatabase live;
    private volatile @Nullable String reason;
    private volatile boolean needsReopening;
    private boolean diskFull; // guarded by this
    private boolean damaged; // guarded by this
    private @Nullable Long lastAttemptNanos; // guarded by this

    WriteGate(DataFolder folder, StorageOptions options, LiveDatabase live) {
        this.folder = folder;
        this.options = options;
        this.live = live;
    }

    /** Why writes are suspended; null: they are not. Any thread. */
    @Nullable String reason() {
        return reason;
    }

    /**
     * From now on there is something in memory that reopening the database would lose: a gate that
     * shuts stays shut.
     */
    void needsReopening() {
        needsReopening = true;
    }

    /**
     * @throws NotWritableException if writes are suspended
     */
    void refuseIfShut() {
        if (reason != null) {
            throw refusal();
        }
    }

    /**
     * Says what a failed write came to, and suspends further ones unless it surely had no effect.
     */
    synchronized StorageException failed(RocksDBException e) {
        StorageException failure = RocksFailure.onWrite(folder.path(), e);
        if (failure instanceof NotWritableException) {
            return failure;
        }
        diskFull = RocksFailure.isDiskFull(e);
        damaged = failure instanceof CorruptionException;
        reason = RocksFailure.reason(e);
        LOG.error("writes are suspended: {}", failure.getMessage());
        return failure;
    }

    /**
     * Returns if writes are possible, having reopened the database if that was needed.
     *
     * @param reload reads again what was last written, since the fate of the failed write shows
     * @throws NotWritableException if they are not
     * @throws CorruptionException if reopening finds that they never will be
     */
    synchronized void pass(Runnable reload) {
        if (reason == null) {
            return;
        }
        if (damaged || needsReopening || !mayTry()) {
            throw refusal();
        }
        lastAttemptNanos = System.nanoTime();
        try {
            live.reopen();
            reload.run();
        } catch (CorruptionException e) { // nothing will make it writable again
            damaged = true;
            throw e;
        } catch (StorageException e) {
            LOG.warn("writes stay suspended: {}", e.getMessage());
            throw refusal();
        }
        reason = null;
        LOG.info("writes to data folder {} are possible again", folder.path());
    }

    /**
     * Opening flushes the old logs into tables and starts a new log, so that much must be free;
     * with less, it would fail halfway or fill the disk at the first write. A small disk cannot
     * spare a whole write buffer for the new log.
     */
    private long neededBytes() {
        return folder.logBytes()
                + Math.min(options.writeBufferBytes(), folder.diskBytes() / SPARE_FRACTION);
    }

    private boolean mayTry() {
        if (diskFull && folder.freeBytes() < neededBytes()) {
            return false;
        }
        return lastAttemptNanos == null || System.nanoTime() - lastAttemptNanos >= RETRY_NANOS;
    }

    private synchronized NotWritableException refusal() {
        String space =
                diskFull
                        ? " (%d KiB free, %d KiB needed to go on)"
                                .formatted(folder.freeBytes() / 1024, neededBytes() / 1024)
                        : "";
        return new NotWritableException(
                "data folder " + folder.path() + " is not writable: " + reason + space, null);
    }
}
