package io.flaredb.it.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.flaredb.it.process.FlareProcess;
import io.flaredb.it.process.FlareProcess.Finished;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A disk of a few MiB that can be filled up: a tmpfs, unmounted when closed, or when this JVM ends.
 */
public final class SmallDisk implements AutoCloseable {
    private static final Set<Path> MOUNTED = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> MOUNTED.forEach(SmallDisk::unmount)));
    }

    private static final int BLOCK_BYTES = 4_096;

    private final Path folder;

    private SmallDisk(Path folder) {
        this.folder = folder;
    }

    /** What the machine lacks for this, if anything. */
    public static Optional<String> missing() {
        // In a mount namespace that ends with the attempt.
        Finished attempt = run("unshare", "--mount", "--", "mount", "-t", "tmpfs", "tmpfs", "/mnt");
        return attempt.exitCode() == 0
                ? Optional.empty()
                : Optional.of("the right to mount a tmpfs: " + attempt.stderr());
    }

    /** Mounts one on a new folder; skips the test where that is not allowed. */
    public static SmallDisk mount(Path folder, int mebibytes) throws IOException {
        missing().ifPresent(Needs::missing);
        Files.createDirectories(folder);
        Finished mount =
                run(
                        "mount",
                        "-t",
                        "tmpfs",
                        "-o",
                        "size=" + mebibytes + "m",
                        "tmpfs",
                        folder.toString());
        assertThat(mount.exitCode()).as(mount.stderr()).isZero();
        MOUNTED.add(folder);
        return new SmallDisk(folder);
    }

    public Path folder() {
        return folder;
    }

    /**
     * Takes all that is left of the disk, except so many bytes. Others may write meanwhile: then it
     * takes what they leave.
     */
    public void fill(long bytesLeft) throws IOException {
        FileStore disk = Files.getFileStore(folder); // which takes its time to be found
        try (var ballast =
                Files.newOutputStream(
                        ballast(), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (byte[] piece : List.of(new byte[1 << 20], new byte[BLOCK_BYTES])) {
                while (disk.getUsableSpace() - bytesLeft >= piece.length) {
                    ballast.write(piece);
                }
            }
        } catch (IOException e) {
            if (disk.getUsableSpace() >= BLOCK_BYTES) {
                throw e; // and not because someone else took the last of it
            }
        }
    }

    /** Gives back what {@link #fill} took. */
    public void free() throws IOException {
        Files.deleteIfExists(ballast());
    }

    private Path ballast() {
        return folder.resolve("ballast");
    }

    /** Copies all files but the ballast to a folder beside it, {@code NAME.kept}. */
    public void keepFiles() {
        try {
            free();
            Path kept = folder.resolveSibling(folder.getFileName() + ".kept");
            Finished copy =
                    run(
                            "cp",
                            "--archive",
                            "--no-target-directory",
                            folder.toString(),
                            kept.toString());
            assertThat(copy.exitCode()).as(copy.stderr()).isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        unmount(folder);
        MOUNTED.remove(folder);
    }

    /** Not as a FlareProcess, which would be ended together with this JVM. */
    private static void unmount(Path folder) {
        try {
            // Lazy: a process that was just killed may still be about to let go.
            new ProcessBuilder("umount", "--lazy", folder.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Finished run(String... command) {
        return FlareProcess.start(List.of(command), Map.of()).awaitExit();
    }
}
