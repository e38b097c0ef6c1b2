package io.flaredb.storage;

import java.nio.file.Path;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The database while it is open: whoever uses it holds a shared lock, so that closing and reopening
 * wait for what is running, and what comes later finds it closed instead of freed memory.
 */
final class LiveDatabase implements AutoCloseable {
    private static final long MIB = 1 << 20;

    private final DataFolder folder;
    private final StorageOptions options;
    private final RecordCache cache;
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private @Nullable Database database; // guarded by lock
    private boolean closed; // guarded by lock

    private LiveDatabase(DataFolder folder, StorageOptions options, Database database) {
        this.folder = folder;
        this.options = options;
        this.database = database;
        this.cache = recordCache(folder.path(), options.recordCacheBytes());
    }

    /**
     * @throws NoMemoryException if the machine has not so much
     */
    static RecordCache recordCache(Path folder, long bytes) {
        try {
            return new RecordCache(bytes);
        } catch (OutOfMemoryError e) { // of the machine: the heap may be as good as empty
            throw new NoMemoryException(
                    "data folder "
                            + folder
                            + ": there is no memory for a record cache of "
                            + bytes / MIB
                            + " MiB: make it smaller, or 0 for none",
                    e);
        }
    }

    static LiveDatabase open(DataFolder folder, StorageOptions options) {
        Database database = openWritable(folder, options);
        try {
            return new LiveDatabase(folder, options, database);
        } catch (RuntimeException | Error e) { // no memory for the cache
            database.close();
            throw e;
        }
    }

    /** What of the database need not be read again; keeps nothing once the database is closed. */
    RecordCache cache() {
        return cache;
    }

    /**
     * Runs {@code use} on the open database. Safe from any thread.
     *
     * @throws IllegalStateException if the engine is closed
     */
    <T extends @Nullable Object> T use(Function<Database, T> use) {
        lock.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException(
                        "the storage engine of data folder " + folder.path() + " is closed");
            }
            if (database == null) {
                throw new ReadFailedException(
                        "data folder " + folder.path() + " could not be reopened", null);
            }
            return use.apply(database);
        } finally {
            lock.readLock().unlock();
        }
    }

    /**
     * Closes the database and opens it again, which is how it gets over a failed write. RocksDB's
     * own recovery is not enough: it may keep a log writer that refuses every further record
     * (facebook/rocksdb issues 11643 and 12998), and the Java API has no call to resume. Opening
     * also flushes what is in the log into new, synced tables, so that nothing stays in pages whose
     * sync has failed. If opening fails, the database is opened for reading only.
     *
     * @throws StorageException if it cannot be written to yet
     */
    void reopen() {
        lock.writeLock().lock();
        try {
            if (closed) {
                return;
            }
            cache.emptyAround(this::openAgain); // a write whose fate was unknown may show, or not
        } finally {
            lock.writeLock().unlock();
        }
    }

    private void openAgain() {
        if (database != null) {
            database.close();
            database = null;
        }
        try {
            database = openWritable(folder, options);
        } catch (StorageException e) {
            database = Database.openReadOnly(folder, options);
            throw e;
        }
    }

    private static Database openWritable(DataFolder folder, StorageOptions options) {
        Database database = Database.open(folder, options);
        try {
            StoreFormat.establish(folder.path(), database);
            return database;
        } catch (RuntimeException | Error e) {
            database.close();
            throw e;
        }
    }

    /** Waits for what is running. Closing again does nothing. */
    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            closed = true;
            if (database != null) {
                database.close();
                database = null;
            }
            cache.close();
        } finally {
            lock.writeLock().unlock();
        }
    }
}
