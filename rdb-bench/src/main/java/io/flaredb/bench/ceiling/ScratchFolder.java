package io.flaredb.bench.ceiling;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A folder to write to, deleted when it is closed. A process that is told to end, by Ctrl-C say,
 * interrupts the thread that has made it and waits for that: what others write to meanwhile could
 * not be deleted for good.
 */
final class ScratchFolder implements AutoCloseable {
    private static final long CLOSE_SECONDS = 10;

    private final Path path;
    private final Thread owner = Thread.currentThread();
    private final CountDownLatch deleted = new CountDownLatch(1);
    private final Thread onSignal = new Thread(this::hurry, "ceilings-stop");

    private ScratchFolder(Path path) {
        this.path = path;
    }

    static ScratchFolder in(Path parent) throws IOException {
        ScratchFolder folder =
                new ScratchFolder(Files.createTempDirectory(parent, "flaredb-ceilings-"));
        Runtime.getRuntime().addShutdownHook(folder.onSignal);
        return folder;
    }

    Path path() {
        return path;
    }

    private void hurry() {
        owner.interrupt();
        try {
            boolean _ = deleted.await(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        try {
            delete(path);
        } finally {
            deleted.countDown();
        }
        try {
            Runtime.getRuntime().removeShutdownHook(onSignal);
        } catch (IllegalStateException e) {
            // It is what closes this.
        }
    }

    private static void delete(Path folder) throws IOException {
        List<Path> all;
        try (Stream<Path> tree = Files.walk(folder)) {
            all = tree.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path each : all) {
            Files.deleteIfExists(each);
        }
    }
}
