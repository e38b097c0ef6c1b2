package io.flaredb.storage;

import io.flaredb.storage.StorageEngine.Filling;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * The one thread that writes the logs of all groups: what waits goes into one synced write, so the
 * groups of a store share their fsyncs. While one write syncs the next one gathers.
 *
 * <p>The queue has no bound of its own because its callers wait for their writes: it holds at most
 * one for each thread that writes a log.
 */
final class LogWriter implements AutoCloseable {
    /** A write is closed at this size, so that one group's large entries don't hold up the rest. */
    private static final long MAX_WRITE_BYTES = 8L << 20;

    private static final long IDLE_WAKEUP_MILLIS = 100;

    private final LiveDatabase live;
    private final WriteGate gate;
    private final BlockingQueue<Request> waiting = new LinkedBlockingQueue<>();
    private final Thread thread;
    private volatile boolean closing;

    private record Request(Filling filling, long bytes, CompletableFuture<Void> done) {}

    LogWriter(LiveDatabase live, WriteGate gate) {
        this.live = live;
        this.gate = gate;
        this.thread = Thread.ofPlatform().name("raft-log-writer").daemon().start(this::run);
    }

    /**
     * Writes and waits until it is durable.
     *
     * @param bytes about how much
     * @throws WriteFailedException if the disk failed; whether it took effect is unknown
     * @throws NotWritableException if an earlier write failed; then it surely had no effect
     */
    void write(Filling filling, long bytes) {
        Request request = new Request(filling, bytes, new CompletableFuture<>());
        waiting.add(request);
        if (closing) {
            refuseWaiting(); // added while the thread was ending: nobody else will take it
        }
        try {
            request.done().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                cause.addSuppressed(e); // the caller's own stack
                throw cause;
            }
            throw e;
        }
    }

    /** Writes what waits, then stops. */
    @Override
    public void close() {
        closing = true;
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true; // an accepted write is not dropped because a stop is impatient
            }
        }
        refuseWaiting();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        List<Request> together = new ArrayList<>();
        while (!closing || !waiting.isEmpty()) {
            try {
                @Nullable Request next = waiting.poll(IDLE_WAKEUP_MILLIS, TimeUnit.MILLISECONDS);
                long bytes = 0;
                while (next != null) {
                    together.add(next);
                    bytes += next.bytes();
                    next = bytes < MAX_WRITE_BYTES ? waiting.poll() : null;
                }
                if (!together.isEmpty()) {
                    write(together);
                }
            } catch (InterruptedException e) {
                continue; // only close() stops it
            } finally {
                together.clear();
            }
        }
    }

    private void write(List<Request> together) {
        @Nullable RuntimeException failure = null;
        try {
            gate.refuseIfShut();
            @Nullable RocksDBException refused =
                    live.<@Nullable RocksDBException>use(database -> {
                        try (WriteBatch batch = new WriteBatch()) {
                            for (Request request : together) {
                                request.filling().fill(database, batch);
                            }
                            database.write(batch);
                            return null;
                        } catch (RocksDBException e) {
                            return e;
                        }
                    });
            if (refused != null) {
                failure = gate.failed(refused);
            }
        } catch (RuntimeException e) {
            failure = e;
        }
        for (Request request : together) {
            if (failure == null) {
                request.done().complete(null);
            } else {
                request.done().completeExceptionally(failure);
            }
        }
    }

    private void refuseWaiting() {
        for (Request late = waiting.poll(); late != null; late = waiting.poll()) {
            late.done()
                    .completeExceptionally(
                            new IllegalStateException("the storage engine is closed"));
        }
    }
}
