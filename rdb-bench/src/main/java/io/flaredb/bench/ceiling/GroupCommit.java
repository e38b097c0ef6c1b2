package io.flaredb.bench.ceiling;

import io.flaredb.bench.Workload;
import io.flaredb.bytes.Bytes;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * RocksDB alone: one thread takes all writes that wait, puts them into one batch, and syncs once. A
 * versioned record is the version, 8 bytes, before the value; raw and versioned keys are the same,
 * so only one kind may be used.
 */
final class GroupCommit extends OneWorkload {
    private static final int MOST_WAITING = 1 << 17; // twice what a load may have in flight
    private static final int MOST_IN_BATCH = 4_096;
    private static final long WRITE_BUFFER_BYTES = 64L << 20;
    private static final long RAW = -1;

    private final Options options =
            new Options().setCreateIfMissing(true).setWriteBufferSize(WRITE_BUFFER_BYTES);
    private final WriteOptions synced = new WriteOptions().setSync(true);
    private final RocksDB database;
    private final BlockingQueue<Write> waiting = new LinkedBlockingQueue<>(MOST_WAITING);
    private final Thread writer = new Thread(this::write, "ceiling-rocksdb");

    /**
     * @param expectedVersion {@link #RAW}: a put
     */
    private record Write(
            Bytes key, long expectedVersion, Bytes value, CompletableFuture<OptionalLong> done) {}

    /**
     * @param folder holds the database, and is the caller's to delete
     */
    GroupCommit(Path folder) {
        super("RocksDB group commit", Workload.PUT, Workload.CAS);
        RocksDB.loadLibrary();
        try {
            database = RocksDB.open(options, folder.toString());
        } catch (RocksDBException e) {
            throw new IllegalStateException("cannot open a RocksDB in " + folder, e);
        }
        writer.setDaemon(true);
        writer.start();
    }

    @Override
    public CompletableFuture<?> put(Bytes key, Bytes value) {
        return enqueue(key, RAW, value);
    }

    @Override
    public CompletableFuture<Long> version(Bytes key) {
        try {
            return CompletableFuture.completedFuture(storedVersion(key));
        } catch (RocksDBException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public CompletableFuture<OptionalLong> swap(Bytes key, long expectedVersion, Bytes value) {
        return enqueue(key, expectedVersion, value);
    }

    private CompletableFuture<OptionalLong> enqueue(Bytes key, long expected, Bytes value) {
        Write write = new Write(key, expected, value, new CompletableFuture<>());
        if (!waiting.offer(write)) {
            write.done().completeExceptionally(new IllegalStateException("too many writes wait"));
        }
        return write.done();
    }

    private void write() {
        List<Write> taken = new ArrayList<>();
        try {
            while (true) {
                taken.add(waiting.take());
                waiting.drainTo(taken, MOST_IN_BATCH - 1);
                commit(taken);
                taken.clear();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        }
    }

    private void commit(List<Write> taken) {
        List<OptionalLong> results = new ArrayList<>(taken.size());
        try (WriteBatch batch = new WriteBatch()) {
            Map<Bytes, Long> versions = new HashMap<>(); // that this batch writes
            for (Write write : taken) {
                results.add(add(write, batch, versions));
            }
            database.write(synced, batch);
        } catch (RocksDBException e) {
            taken.forEach(write -> write.done().completeExceptionally(e));
            return;
        }
        for (int i = 0; i < taken.size(); i++) {
            taken.get(i).done().complete(results.get(i));
        }
    }

    private OptionalLong add(Write write, WriteBatch batch, Map<Bytes, Long> versions)
            throws RocksDBException {
        byte[] key = write.key().unsafeArray();
        byte[] value = write.value().unsafeArray();
        if (write.expectedVersion() == RAW) {
            batch.put(key, value);
            return OptionalLong.of(0);
        }
        Long earlier = versions.get(write.key());
        long current = earlier == null ? storedVersion(write.key()) : earlier;
        if (current != write.expectedVersion()) {
            return OptionalLong.empty();
        }
        long next = current + 1;
        ByteBuffer versioned = ByteBuffer.allocate(Long.BYTES + value.length);
        batch.put(key, versioned.putLong(next).put(value).array());
        versions.put(write.key(), next);
        return OptionalLong.of(next);
    }

    private long storedVersion(Bytes key) throws RocksDBException {
        byte @Nullable [] stored = database.get(key.unsafeArray());
        return stored == null ? 0 : ByteBuffer.wrap(stored).getLong();
    }

    @Override
    public void close() {
        writer.interrupt();
        boolean interrupted = false;
        while (writer.isAlive()) { // it must have left the database before that is closed
            try {
                writer.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        database.close();
        synced.close();
        options.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
