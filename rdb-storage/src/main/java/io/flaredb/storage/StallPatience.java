package io.flaredb.storage;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.rocksdb.RocksDBException;

/**
 * Tries a write again while RocksDB turns it away because flushing or compacting does not keep up.
 *
 * <p>Without limit as long as neither has failed: what is behind catches up, and to give up would
 * end the store, with it all others that have the same load. After a failure, that is mostly a full
 * disk, for {@link #AFTER_FAILURE_NANOS} at most; there RocksDB's own waiting, which knows no
 * limit, would go on until there is space again.
 *
 * <p>Thread-safe.
 */
final class StallPatience {
    static final long AFTER_FAILURE_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** The number of flushes and compactions that have failed, as RocksDB calls it. */
    static final String BACKGROUND_ERRORS = "rocksdb.background-errors";

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final LongSupplier backgroundErrors;
    private final LongSupplier nanoClock;

    /** A write that RocksDB must not let wait. */
    interface Attempt {
        void run() throws RocksDBException;
    }

    /**
     * @param backgroundErrors {@link #BACKGROUND_ERRORS} since the database was opened
     */
    StallPatience(LongSupplier backgroundErrors, LongSupplier nanoClock) {
        this.backgroundErrors = backgroundErrors;
        this.nanoClock = nanoClock;
    }

    /**
     * @throws RocksDBException with {@link RocksFailure#isStall} if it waited in vain and has
     *     written nothing
     */
    void insist(Attempt attempt) throws RocksDBException {
        long startNanos = nanoClock.getAsLong();
        while (true) {
            try {
                attempt.run();
                return;
            } catch (RocksDBException e) {
                if (!RocksFailure.isStall(e)
                        || nanoClock.getAsLong() - startNanos > AFTER_FAILURE_NANOS
                                && backgroundErrors.getAsLong() > 0) {
                    throw e;
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }
}
