package io.flaredb.storage;

import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/**
 * Makes durable what was written, once for all who come while the disk is at it. Thread-safe.
 *
 * <p>After a failure nothing is durable for sure any more, so that all who come later fail as well.
 */
final class SharedSync {
    private final Sync sync;

    // Guarded by this.
    private long begun; // syncs, of which the last one may be under way
    private long ended;
    private @Nullable RocksDBException failure;

    /** Makes durable what was written before it was called. */
    interface Sync {
        void run() throws RocksDBException;
    }

    SharedSync(Sync sync) {
        this.sync = sync;
    }

    /** Returns once a sync has succeeded that began after this was called. */
    void join() throws RocksDBException {
        if (begins()) {
            run();
        }
    }

    /** Waits until what the caller wrote is durable, or it is its turn to make it so: true. */
    private synchronized boolean begins() throws RocksDBException {
        long covering = begun + 1; // the one under way may have begun too early
        boolean interrupted = false;
        while (ended < covering && begun != ended) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true; // what is written cannot be taken back
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (failure != null) {
            throw failure;
        }
        if (ended >= covering) {
            return false;
        }
        begun++;
        return true;
    }

    private void run() throws RocksDBException {
        try {
            sync.run();
        } catch (RocksDBException e) {
            end(e);
            throw e;
        } catch (RuntimeException | Error e) {
            end(new RocksDBException("the sync was cut short: " + e));
            throw e;
        }
        end(null);
    }

    private synchronized void end(@Nullable RocksDBException with) {
        ended = begun;
        failure = with;
        notifyAll();
    }
}
