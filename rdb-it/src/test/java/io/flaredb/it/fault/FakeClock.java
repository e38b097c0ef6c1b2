package io.flaredb.it.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The wall clock of one process, set forward and back while it runs, by a library loaded before
 * libc ({@code fakeclock.c}). Clocks that only measure ({@code System.nanoTime}, timeouts) are not
 * touched, as on a machine whose clock is set.
 *
 * <p>Not libfaketime: under it a JVM is ten times slower.
 *
 * <p>For several threads.
 */
public final class FakeClock {
    private final Path preload;
    private final Path control;

    private FakeClock(Path preload, Path control) {
        this.preload = preload;
        this.control = control;
    }

    /** What the machine lacks for this, if anything. */
    public static Optional<String> missing() {
        return PreloadLibrary.missing();
    }

    /**
     * A clock that is right at first.
     *
     * @param folder where the library and its control file are put; one for each clock
     */
    public static FakeClock create(Path folder) {
        FakeClock clock =
                new FakeClock(
                        PreloadLibrary.compile("fakeclock", folder), folder.resolve("fakeclock"));
        clock.set(Duration.ZERO);
        return clock;
    }

    /** The environment of the process. */
    public Map<String, String> environment() {
        return Map.of(
                "LD_PRELOAD", preload.toString(), "FLAREDB_FAKECLOCK_CONTROL", control.toString());
    }

    /**
     * From now on the clock is so much ahead of the true one, or behind if negative, which it may
     * be by up to a few years. Holds for later starts of the process too.
     */
    public void set(Duration offset) {
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
        bytes.putLong(0, offset.toNanos());
        try (FileChannel channel =
                FileChannel.open(control, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.write(bytes, 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
