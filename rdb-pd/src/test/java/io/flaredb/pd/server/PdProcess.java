package io.flaredb.pd.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A placement driver's process, and the switch to kill it with. */
final class PdProcess implements AutoCloseable {
    private final Process process;
    private final int port;

    private PdProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Returns once it answers. */
    static PdProcess start(Path folder, int port, Duration clockOffset) throws IOException {
        Path log = folder.resolve("pd.log");
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-Xmx256m",
                                // RocksDB unpacks its library there; a killed process leaves it.
                                "-Djava.io.tmpdir=" + folder,
                                "-cp",
                                System.getProperty("java.class.path"),
                                PdProcessMain.class.getName(),
                                folder.resolve("pd").toString(),
                                Integer.toString(port),
                                Long.toString(clockOffset.toMillis()))
                        .redirectError(Redirect.appendTo(log.toFile()))
                        .start();
        try {
            BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
            String line = out.readLine(); // null once the process has ended
            if (line == null) {
                throw new IOException("did not start: " + Files.readString(log));
            }
            return new PdProcess(process, Integer.parseInt(line));
        } catch (IOException | RuntimeException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    int port() {
        return port;
    }

    /** SIGKILL, and returns when the process is gone. */
    void kill() {
        process.destroyForcibly();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException("survived its kill");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        kill();
    }
}
