package io.flaredb.storage;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/** Says in our words what RocksDB reports. */
final class RocksFailure {
    private RocksFailure() {}

    static StorageException onOpen(Path folder, RocksDBException e) {
        if (isCorruption(e)) {
            return corruption(folder, e);
        }
        return new DataFolderUnusableException(
                "data folder " + folder + " cannot be opened: " + reason(e), e);
    }

    static StorageException onRead(Path folder, RocksDBException e) {
        if (isCorruption(e)) {
            return corruption(folder, e);
        }
        return new ReadFailedException(
                "data folder " + folder + " cannot be read: " + reason(e), e);
    }

    static StorageException onWrite(Path folder, RocksDBException e) {
        if (isCorruption(e)) {
            return corruption(folder, e);
        }
        if (isStall(e)) {
            return new NotWritableException(
                    "data folder " + folder + " is not writable: flushing or compacting has failed",
                    e);
        }
        return new WriteFailedException(
                "writing to data folder "
                        + folder
                        + " failed, the outcome is unknown: "
                        + reason(e),
                e);
    }

    static boolean isCorruption(RocksDBException e) {
        return code(e) == Status.Code.Corruption;
    }

    static boolean isDiskFull(RocksDBException e) {
        return e.getStatus() != null && e.getStatus().getSubCode() == Status.SubCode.NoSpace;
    }

    /** Whether nothing was written since the write would have had to wait. */
    static boolean isStall(RocksDBException e) {
        return code(e) == Status.Code.Incomplete;
    }

    /** For people. */
    static String reason(RocksDBException e) {
        return isDiskFull(e) ? "disk full" : String.valueOf(e.getMessage());
    }

    private static CorruptionException corruption(Path folder, RocksDBException e) {
        return new CorruptionException(
                "data folder " + folder + " is damaged: " + e.getMessage(), e);
    }

    private static Status.@Nullable Code code(RocksDBException e) {
        return e.getStatus() == null ? null : e.getStatus().getCode();
    }
}
