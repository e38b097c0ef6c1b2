package io.flaredb.it.fault;

import io.flaredb.it.process.FlareProcess;
import io.flaredb.it.process.FlareProcess.Finished;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

/** A disk of a few MiB that can be filled up: a tmpfs, unmounted when closed. */
public final class SmallDisk implements AutoCloseable {
    private final Path folder;

    private SmallDisk(Path folder) {
        this.folder = folder;
    }

    /** Mounts one on a new folder; skips the test where that is not allowed. */
    public static SmallDisk mount(Path folder, int mebibytes) throws IOException {
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
        if (mount.exitCode() != 0) {
            Needs.missing("the right to mount a tmpfs: " + mount.stderr());
        }
        return new SmallDisk(folder);
    }

    public Path folder() {
        return folder;
    }

    /** Takes all that is left of the disk, except so many bytes. */
    public void fill(long bytesLeft) throws IOException {
        long free = Files.getFileStore(folder).getUsableSpace();
        byte[] block = new byte[4096];
        try (var ballast =
                Files.newOutputStream(
                        ballast(), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (long left = free - bytesLeft; left >= block.length; left -= block.length) {
                ballast.write(block);
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

    @Override
    public void close() {
        // Lazy: a process that was just killed may still be about to let go.
        run("umount", "--lazy", folder.toString());
    }

    private static Finished run(String... command) {
        return FlareProcess.start(List.of(command), Map.of()).awaitExit();
    }
}
