package io.flaredb.storage;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A disk in memory that can be filled. Skips the test where mounting is not permitted. */
final class SmallDisk implements AutoCloseable {
    private final Path mountPoint;

    private SmallDisk(Path mountPoint) {
        this.mountPoint = mountPoint;
    }

    static SmallDisk mount(Path mountPoint, int mebibytes) throws Exception {
        Files.createDirectories(mountPoint);
        Assumptions.assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "tmpfs", mountPoint)
                        == 0,
                "no permission to mount a tmpfs");
        return new SmallDisk(mountPoint);
    }

    Path path() {
        return mountPoint;
    }

    /** Leaves about so many bytes free: others may be writing at the same time. */
    void fillUpTo(long freeBytes) throws IOException {
        byte[] chunk = new byte[16 * 1024];
        try (OutputStream ballast =
                Files.newOutputStream(Files.createTempFile(mountPoint, "ballast", ""))) {
            while (mountPoint.toFile().getUsableSpace() > freeBytes) {
                ballast.write(chunk);
            }
        } catch (IOException full) {
            if (mountPoint.toFile().getUsableSpace() > chunk.length) {
                throw full;
            }
        }
    }

    /** Takes away what filled it. */
    void makeRoom() throws IOException {
        try (var ballast = Files.newDirectoryStream(mountPoint, "ballast*")) {
            for (Path file : ballast) {
                Files.delete(file);
            }
        }
    }

    @Override
    public void close() throws Exception {
        if (run("umount", mountPoint) != 0) {
            throw new IOException("cannot unmount " + mountPoint);
        }
    }

    private static int run(Object... command) throws Exception {
        Process process =
                new ProcessBuilder(Arrays.stream(command).map(Object::toString).toList())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException(command[0] + " does not end");
        }
        return process.exitValue();
    }
}
