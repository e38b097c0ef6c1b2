package io.flaredb.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A folder held for one storage engine, from before RocksDB is opened until after it is closed.
 *
 * <p>The file {@value #CLAIM} says that the folder is FlareDB's, and a lock on it that someone has
 * it open. RocksDB's own lock would do for the second, but tells "taken" apart from other failures
 * only by its text, and is free for a moment whenever the engine reopens the database.
 */
final class DataFolder implements AutoCloseable {
    static final String CLAIM = "FLAREDB";

    /** Where RocksDB looks first; without it, it takes a folder for empty. */
    private static final String ROOT_FILE = "CURRENT";

    /** Table files on their way in or out. */
    private static final String STAGING = "staging";

    private static final byte[] CLAIM_TEXT =
            "A FlareDB data folder. Don't change anything in it.\n"
                    .getBytes(StandardCharsets.UTF_8);

    /**
     * The folders this process holds. A file lock is the process's, not the engine's: a second
     * attempt must be refused before it opens the file, since closing it would drop the lock.
     */
    private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final FileChannel claim;

    private DataFolder(Path path, FileChannel claim) {
        this.path = path;
        this.claim = claim;
    }

    /**
     * Takes the folder, creating it if it is absent.
     *
     * @throws DataFolderInUseException if it is taken
     * @throws DataFolderUnusableException if it is no directory, not accessible, or holds something
     *     that is not FlareDB's
     */
    static DataFolder hold(Path folder) {
        Path path = directory(folder);
        if (!HELD_HERE.add(path)) {
            throw inUseHere(path, null);
        }
        FileChannel claim = null;
        try {
            if (!DataFolders.isOne(path)) {
                refuseForeignFiles(path);
            }
            claim =
                    FileChannel.open(
                            path.resolve(CLAIM),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE);
            FileLock lock = claim.tryLock();
            if (lock == null) {
                throw new DataFolderInUseException(
                        "data folder " + path + " is in use by another process", null);
            }
            if (claim.size() < CLAIM_TEXT.length) {
                claim.write(ByteBuffer.wrap(CLAIM_TEXT), 0);
                claim.force(true);
            }
            return new DataFolder(path, claim);
        } catch (IOException e) {
            release(path, claim);
            throw unusable(path, e);
        } catch (OverlappingFileLockException e) { // by classes of another loader
            // Closing the file lets go of their lock as far as other processes see. RocksDB's own
            // still keeps those out, and the JVM remembers theirs.
            release(path, claim);
            throw inUseHere(path, e);
        } catch (RuntimeException e) {
            release(path, claim);
            throw e;
        }
    }

    Path path() {
        return path;
    }

    /**
     * Whether RocksDB has been here.
     *
     * @throws CorruptionException if it has, and its root file is gone: RocksDB would take the
     *     folder for empty and delete what it finds
     */
    boolean hasDatabase() {
        if (Files.exists(path.resolve(ROOT_FILE))) {
            return true;
        }
        for (Path file : files("*.{sst,log}")) {
            throw new CorruptionException(
                    "data folder " + path + " holds " + file.getFileName() + " but no " + ROOT_FILE,
                    null);
        }
        return false;
    }

    /**
     * Looks for damage that RocksDB would take for a torn write.
     *
     * @throws CorruptionException if there is any
     */
    void checkLogs() {
        for (Path log : files("{MANIFEST-*,*.log}")) {
            try {
                LogTail.check(log);
            } catch (IOException e) {
                throw unusable(path, e);
            }
        }
    }

    /** An empty folder in this one, on the same disk; what was in it is deleted. */
    Path staging(String name) {
        Path staging = path.resolve(STAGING).resolve(name);
        try {
            if (Files.exists(staging)) {
                for (Path file : files(staging, "*")) {
                    Files.delete(file);
                }
            }
            return Files.createDirectories(staging);
        } catch (IOException e) {
            throw unusable(staging, e);
        }
    }

    /** Deletes all staging folders, which a crash may have left. */
    void deleteStaging() {
        Path staging = path.resolve(STAGING);
        if (!Files.exists(staging)) {
            return;
        }
        try (Stream<Path> left = Files.walk(staging)) {
            for (Path file : left.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file); // a folder after what is in it
            }
        } catch (IOException e) {
            throw unusable(staging, e);
        }
    }

    /** Bytes this process can still write to the folder's disk. */
    long freeBytes() {
        return path.toFile().getUsableSpace();
    }

    /** Size of the folder's disk. */
    long diskBytes() {
        return path.toFile().getTotalSpace();
    }

    /** Bytes in write-ahead logs. */
    long logBytes() {
        long bytes = 0;
        for (Path log : files("*.log")) {
            bytes += log.toFile().length();
        }
        return bytes;
    }

    /** Closing again does nothing: by then the folder may be someone else's. */
    @Override
    public void close() {
        if (claim.isOpen()) {
            release(path, claim);
        }
    }

    private List<Path> files(String glob) {
        return files(path, glob);
    }

    private static List<Path> files(Path path, String glob) {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(path, glob)) {
            found.forEach(files::add);
        } catch (IOException e) {
            throw unusable(path, e);
        }
        return files;
    }

    private static Path directory(Path folder) {
        try {
            Path path = Files.createDirectories(folder).toRealPath();
            if (!Files.isDirectory(path)) {
                throw new NotDirectoryException(path.toString());
            }
            return path;
        } catch (FileAlreadyExistsException | NotDirectoryException e) {
            throw new DataFolderUnusableException(
                    "data folder " + folder + " is not a directory", e);
        } catch (IOException e) {
            throw unusable(folder, e);
        }
    }

    private static void refuseForeignFiles(Path path) {
        if (Files.exists(path.resolve(ROOT_FILE))) {
            StoredFamilies.list(path); // names one that is foreign, which says more than a file
        }
        DataFolders.refuseForeignFiles(path);
    }

    private static DataFolderInUseException inUseHere(Path path, @Nullable Throwable cause) {
        return new DataFolderInUseException(
                "data folder " + path + " is in use by this process", cause);
    }

    private static void release(Path path, @Nullable FileChannel claim) {
        try {
            if (claim != null) {
                claim.close();
            }
        } catch (IOException e) {
            throw unusable(path, e);
        } finally {
            HELD_HERE.remove(path);
        }
    }

    static DataFolderUnusableException unusable(Path path, IOException e) {
        return new DataFolderUnusableException(
                "data folder " + path + " cannot be used: " + reason(e), e);
    }

    private static String reason(IOException e) {
        return switch (e) {
            case AccessDeniedException denied -> denied.getFile() + ": permission denied";
            case FileSystemException failed when failed.getReason() != null ->
                    failed.getFile() + ": " + failed.getReason();
            default -> e.toString();
        };
    }
}
