package io.flaredb.bench.ceiling;

import io.flaredb.bench.Workload;
import io.flaredb.bytes.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The disk alone: each put appends 512 bytes to a file and syncs it, one after the other. */
final class DiskSync extends OneWorkload {
    private static final int APPENDED_BYTES = 512;

    private final FileChannel file;
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(task -> new Thread(task, "ceiling-disk"));
    private final ByteBuffer bytes = ByteBuffer.allocateDirect(APPENDED_BYTES); // the thread's

    /**
     * @param folder holds the file, which is the caller's to delete
     */
    DiskSync(Path folder) {
        super("fdatasync", Workload.PUT);
        try {
            file =
                    FileChannel.open(
                            folder.resolve("appended"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public CompletableFuture<?> put(Bytes key, Bytes value) {
        return CompletableFuture.runAsync(this::append, thread);
    }

    private void append() {
        try {
            bytes.clear();
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
            file.force(false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        thread.close();
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
