package io.flaredb.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One process of {@code flaredb dev}: a placement driver or a store. What it tells on stderr is
 * passed on, with its name before each line.
 *
 * <p>Thread-safe.
 */
final class ChildProcess {
    private static final String COMPLAINT = "flaredb: ";
    private static final Pattern READY =
            Pattern.compile("flaredb \\w+ ready: (\\S+)(?: store (\\d+))? .*");
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);

    /** Of a process that a signal has ended, less the signal's number. */
    private static final int SIGNAL_BASE = 128;

    private final String name;
    private final String role;
    private final Path dataDir;
    private final Process process;
    private final PrintStream err;
    private final Thread stderrReader;

    /** The ready line; fails if the process ends before. */
    private final CompletableFuture<String> ready = new CompletableFuture<>();

    /** What it said when it could not start. */
    private volatile @Nullable String complaint;

    private volatile boolean stopping;

    /**
     * @param name what messages call it
     * @param process just started
     * @param err where its stderr goes to
     */
    ChildProcess(String name, String role, Path dataDir, Process process, PrintStream err) {
        this.name = name;
        this.role = role;
        this.dataDir = dataDir;
        this.process = process;
        this.err = err;
        stderrReader = reader("stderr", process.getErrorStream(), this::onStderr);
        reader("stdout", process.getInputStream(), this::onStdout);
        process.onExit().thenRun(this::onExit);
    }

    private Thread reader(String stream, InputStream in, Consumer<String> onLine) {
        return Thread.ofPlatform()
                .name(name + '-' + stream)
                .daemon()
                .start(() -> readAll(in, onLine));
    }

    private static void readAll(InputStream in, Consumer<String> onLine) {
        try (var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                onLine.accept(line);
            }
        } catch (IOException e) {
            onLine.accept("cannot be read any more: " + e.getMessage());
        }
    }

    private void onStdout(String line) {
        if (READY.matcher(line).matches()) {
            ready.complete(line);
        }
    }

    private void onStderr(String line) {
        if (!ready.isDone() && line.startsWith(COMPLAINT)) {
            complaint = line.substring(COMPLAINT.length()); // told as this process's own
        } else {
            err.print(name + ": " + line + '\n');
            err.flush();
        }
    }

    private void onExit() {
        if (!ready.isDone()) {
            try {
                stderrReader.join(); // its last words
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            String why = complaint == null ? howItEnded() + " before it was ready" : complaint;
            ready.completeExceptionally(new CommandException(exitCode(), name + ": " + why));
        } else if (!stopping) {
            Failures.line(err, name + " (pid " + pid() + ") " + howItEnded());
        }
    }

    /** This process's own, in its place; other numbers mean something else where Java ends it. */
    private ExitCode exitCode() {
        for (ExitCode exitCode : List.of(ExitCode.USAGE, ExitCode.UNAVAILABLE)) {
            if (exitCode.number() == process.exitValue()) {
                return exitCode;
            }
        }
        return ExitCode.FAILED;
    }

    private String howItEnded() {
        int status = process.exitValue();
        return status > SIGNAL_BASE
                ? "was ended by signal " + (status - SIGNAL_BASE)
                : "ended with exit code " + status;
    }

    /** Completed with the line by which it tells that it serves; or with why it does not. */
    CompletableFuture<String> ready() {
        return ready;
    }

    /** Completed when it has ended, however that came. */
    CompletableFuture<?> ended() {
        return process.onExit();
    }

    /** Where it serves, "host:port". To be asked once it is ready. */
    String address() {
        return readyLine().group(1);
    }

    private Matcher readyLine() {
        Matcher matcher = READY.matcher(ready.join());
        if (!matcher.matches()) {
            throw new IllegalStateException("not a ready line: " + ready.join());
        }
        return matcher;
    }

    long pid() {
        return process.pid();
    }

    /** What the table shows of it: role, store id, address, process id and data folder. */
    List<String> row() {
        String store = readyLine().group(2);
        return List.of(
                role,
                store == null ? "-" : store,
                address(),
                Long.toString(pid()),
                dataDir.toString());
    }

    /** Asks it to end; does not wait. */
    void askToStop() {
        stopping = true;
        process.toHandle().destroy(); // Process.destroy would cut off its last words
    }

    /** Waits until it has ended, and ends it by force if it takes too long. */
    void awaitStopped() {
        try {
            if (!process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                Failures.line(
                        err, name + " (pid " + pid() + ") does not stop when asked: it is killed");
                process.toHandle().destroyForcibly();
                process.waitFor();
            }
            stderrReader.join();
        } catch (InterruptedException e) {
            process.toHandle().destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
