package io.flaredb.storage;

import io.flaredb.bytes.Bytes;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A process of its own that has a store open and writes to it until it is killed. */
final class ChildProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader answers;

    private ChildProcess(Process process) {
        this.process = process;
        this.answers =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /**
     * Writes 1, 2, 3 and so on to the raw key of that number and swaps it into "counter".
     *
     * @param temp where RocksDB unpacks its native library, which a killed process leaves behind
     */
    static ChildProcess writingTo(Path dir, Path temp) throws IOException {
        return new ChildProcess(
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-Djava.io.tmpdir=" + temp,
                                "-cp",
                                System.getProperty("java.class.path"),
                                ChildProcess.class.getName(),
                                dir.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start());
    }

    /** The next number that was acknowledged; null: the process has ended. */
    @Nullable Long acknowledged() {
        try {
            String line = answers.readLine();
            return line == null ? null : Long.valueOf(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** kill -9. What was acknowledged before can still be read. */
    void kill() throws InterruptedException {
        process.toHandle().destroyForcibly(); // Process's own would close its answers
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            throw new AssertionError("not dead 30 s after kill -9");
        }
    }

    @Override
    public void close() throws Exception {
        kill();
        answers.close();
    }

    @SuppressWarnings("SystemOut") // the answers
    public static void main(String[] args) {
        Bytes counter = Bytes.utf8("counter");
        RegionId region = new RegionId(1);
        try (StorageEngine engine =
                StorageEngine.open(Path.of(args[0]), StorageOptions.defaults())) {
            for (long i = 1; ; i++) {
                Bytes value = Bytes.utf8(Long.toString(i));
                engine.apply(
                        region,
                        List.of(
                                new Command.RawPut(value, value),
                                new Command.CompareAndSwap(counter, i - 1, value)));
                System.out.println(i);
            }
        }
    }
}
