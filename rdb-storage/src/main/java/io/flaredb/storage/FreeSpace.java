package io.flaredb.storage;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Whether a data folder's disk has space for more. Looks at most so often. Thread-safe. */
final class FreeSpace {
    private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** Of a small disk, no more than this fraction is set aside. */
    private static final int SPARE_FRACTION = 4;

    private final DataFolder folder;
    private final long neededBytes;
    private volatile Look last;

    private record Look(long atNanos, long freeBytes) {}

    FreeSpace(DataFolder folder, StorageOptions options) {
        this.folder = folder;
        // Every column family may have a full write buffer to flush, and a log as long beside it.
        long forBuffers = 2 * ColumnFamily.values().length * options.writeBufferBytes();
        this.neededBytes = Math.min(forBuffers, folder.diskBytes() / SPARE_FRACTION);
        this.last = new Look(System.nanoTime(), folder.freeBytes());
    }

    /**
     * @throws NotWritableException if there is too little
     */
    void check() {
        String problem = problem();
        if (problem != null) {
            throw new NotWritableException(
                    "data folder " + folder.path() + " is not writable: " + problem, null);
        }
    }

    /** Why writes are refused; null: they are not. */
    @Nullable String problem() {
        Look look = last;
        long now = System.nanoTime();
        if (now - look.atNanos() >= LOOK_AGAIN_NANOS) {
            look = new Look(now, folder.freeBytes());
            last = look;
        }
        return look.freeBytes() >= neededBytes
                ? null
                : "disk full (%d KiB free, %d KiB needed to go on)"
                        .formatted(look.freeBytes() / 1024, neededBytes / 1024);
    }
}
