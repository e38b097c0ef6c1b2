package io.flaredb.it.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;

/**
 * Writes and syncs of one process that fail while it runs, by a library loaded before libc ({@code
 * diskerrors.c}, which says what is hit). Reads go on.
 *
 * <p>Not libfiu: it fails the writes to sockets and to stderr too, so a process under it ends
 * without a word.
 *
 * <p>For several threads.
 */
public final class DiskErrors {
    /** How a disk refuses. */
    public enum Refusal {
        /** The device is broken: EIO. */
        IO_ERROR(5),
        /** The file system is full: ENOSPC. */
        NO_SPACE(28);

        private final int errno;

        Refusal(int errno) {
            this.errno = errno;
        }
    }

    private static final int WRITE_ERRNO_AT = 0;
    private static final int SYNC_ERRNO_AT = 4;
    private static final int FAILED_WRITES_AT = 8;
    private static final int FAILED_SYNCS_AT = 12;
    private static final int CONTROL_BYTES = 16;

    private final Path preload;
    private final Path control;
    private final Path dataFolder;

    private DiskErrors(Path preload, Path control, Path dataFolder) {
        this.preload = preload;
        this.control = control;
        this.dataFolder = dataFolder;
    }

    /** What the machine lacks for this, if anything. */
    public static Optional<String> missing() {
        return PreloadLibrary.missing();
    }

    /**
     * Errors for one process, none at first.
     *
     * @param folder where the library and its control file are put
     * @param dataFolder the folder whose files are hit; made if absent
     */
    public static DiskErrors create(Path folder, Path dataFolder) {
        try {
            Path control = Files.write(folder.resolve("diskerrors"), new byte[CONTROL_BYTES]);
            // The library sees files by the names that the kernel has for them.
            Path data = Files.createDirectories(dataFolder).toRealPath();
            return new DiskErrors(PreloadLibrary.compile("diskerrors", folder), control, data);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The environment of the process. */
    public Map<String, String> environment() {
        return Map.of(
                "LD_PRELOAD",
                preload.toString(),
                "FLAREDB_DISKERRORS_FOLDER",
                dataFolder.toString(),
                "FLAREDB_DISKERRORS_CONTROL",
                control.toString());
    }

    /** From now on writes fail with EIO. */
    public void failWrites() {
        failWrites(Refusal.IO_ERROR);
    }

    /** From now on writes fail. */
    public void failWrites(Refusal refusal) {
        set(WRITE_ERRNO_AT, refusal.errno);
    }

    /** From now on syncs (fsync, fdatasync) fail with EIO. */
    public void failSyncs() {
        set(SYNC_ERRNO_AT, Refusal.IO_ERROR.errno);
    }

    /** From now on all works again. */
    public void heal() {
        set(WRITE_ERRNO_AT, 0);
        set(SYNC_ERRNO_AT, 0);
    }

    /** How many writes have failed so far. */
    public int failedWrites() {
        return get(FAILED_WRITES_AT);
    }

    /** How many syncs have failed so far. */
    public int failedSyncs() {
        return get(FAILED_SYNCS_AT);
    }

    private void set(int offset, int value) {
        ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder());
        bytes.putInt(0, value);
        try (FileChannel channel = FileChannel.open(control, StandardOpenOption.WRITE)) {
            channel.write(bytes, offset);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int get(int offset) {
        try {
            return ByteBuffer.wrap(Files.readAllBytes(control))
                    .order(ByteOrder.nativeOrder())
                    .getInt(offset);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
