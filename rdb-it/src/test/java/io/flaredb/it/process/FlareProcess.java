package io.flaredb.it.process;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One child process, ended at the latest when it is closed or this JVM ends.
 *
 * <p>May be used by several threads.
 */
public final class FlareProcess implements AutoCloseable {
    /** Generous, for a busy machine; nothing waits that long unless it has failed. */
    public static final Duration DEADLINE = Duration.ofSeconds(90);

    private static final Pattern READY = Pattern.compile("flaredb \\w+ ready: .*");
    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroyForcibly)));
    }

    private final List<String> command;
    private final Process process;
    private final Output stdout;
    private final Output stderr;

    private FlareProcess(List<String> command, Process process) {
        this.command = command;
        this.process = process;
        this.stdout = new Output("stdout-" + process.pid(), process.getInputStream());
        this.stderr = new Output("stderr-" + process.pid(), process.getErrorStream());
    }

    /** Starts a command with this process's environment and {@code environment} on top. */
    public static FlareProcess start(List<String> command, Map<String, String> environment) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.directory(Installation.root().toFile());
        // A developer's own settings must not reach the process under test.
        builder.environment().keySet().removeIf(name -> name.startsWith("FLAREDB_"));
        builder.environment().put("FLAREDB_JAVA_HOME", Installation.javaHome().toString());
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            RUNNING.add(process);
            process.getOutputStream().close();
            return new FlareProcess(command, process);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts {@code flaredb} with these arguments. */
    public static FlareProcess flaredb(String... arguments) {
        return start(Installation.flaredb(arguments), Map.of());
    }

    /**
     * Waits for the line by which {@code dev}, {@code pd} and {@code server} tell that they serve.
     *
     * @throws IllegalStateException if the process ends before that
     */
    public ReadyLine awaitReady() {
        if (!isReadyBeforeItEnds()) {
            throw new IllegalStateException("ended before it was ready: " + this);
        }
        return readyLine().orElseThrow();
    }

    /** Waits until the process serves, or has ended without. */
    public boolean isReadyBeforeItEnds() {
        await("ready line of " + this)
                .atMost(DEADLINE)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> !process.isAlive() || readyLine().isPresent());
        return readyLine().isPresent();
    }

    private Optional<ReadyLine> readyLine() {
        return stdout.first(READY.asMatchPredicate()).map(ReadyLine::new);
    }

    /** Waits until the process has ended by itself. */
    public Finished awaitExit() {
        try {
            if (!process.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("still running: " + this);
            }
            stdout.awaitEnd();
            stderr.awaitEnd();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + this, e);
        } finally {
            close();
        }
        return new Finished(process.exitValue(), stdout.text(), stderr.text());
    }

    /** Ends the process as {@code kill -9} does, and waits until it is gone. */
    public void kill() {
        destroyForcibly();
        awaitExit();
    }

    /** Asks the process to end (SIGTERM) and waits until it has. */
    public Finished terminate() {
        process.toHandle().destroy();
        return awaitExit();
    }

    /**
     * Stops the process in its tracks (SIGSTOP) until {@link #resume()}; Linux only. Nothing
     * happens if it has ended.
     */
    public void pause() {
        signal("STOP");
        await("stop of " + this)
                .atMost(DEADLINE)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> !process.isAlive() || isPaused());
    }

    /** Whether every thread of the process has stopped, which a signal alone does not wait for. */
    private boolean isPaused() throws IOException {
        try (Stream<Path> threads =
                Files.list(Path.of("/proc", Long.toString(process.pid()), "task"))) {
            for (Path thread : threads.toList()) {
                String stat = Files.readString(thread.resolve("stat"));
                if (!stat.substring(stat.lastIndexOf(')')).startsWith(") T")) {
                    return false;
                }
            }
            return true;
        } catch (NoSuchFileException e) {
            return false; // a thread, or the process, has just ended: look again
        }
    }

    /** Lets a paused process go on; nothing happens if it has ended. */
    public void resume() {
        signal("CONT");
    }

    private void signal(String name) {
        Finished kill =
                start(List.of("kill", "-" + name, Long.toString(process.pid())), Map.of())
                        .awaitExit();
        if (kill.exitCode() != 0 && !isAboutToBeGone()) {
            throw new IllegalStateException(
                    "no SIG" + name + " for " + this + ": " + kill.stderr());
        }
    }

    /** Whether it has ended, though nobody may have been told yet. */
    private boolean isAboutToBeGone() {
        try {
            return process.waitFor(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** The Java processes that it has started and that still run. */
    public List<ProcessHandle> children() {
        return process.children()
                .filter(child -> child.info().command().orElse("").endsWith("java"))
                .toList();
    }

    /** How many lines the process has written to its standard output so far. */
    public int stdoutLines() {
        return stdout.lines().size();
    }

    /** What the process has written to its standard output so far. */
    public String stdout() {
        return stdout.text();
    }

    /** What the process has written to its standard error so far. */
    public String stderr() {
        return stderr.text();
    }

    /** Ends the process if it still runs. */
    @Override
    public void close() {
        destroyForcibly();
        RUNNING.remove(process);
    }

    /** By its handle: a Process would also close the streams before its last words are read. */
    private void destroyForcibly() {
        process.toHandle().destroyForcibly();
    }

    @Override
    public String toString() {
        return "%s\nstdout: %s\nstderr: %s".formatted(command, stdout.text(), stderr.text());
    }

    /** How a process ended. */
    public record Finished(int exitCode, String stdout, String stderr) {
        /** The line in which the process tells what was wrong: its last, and no stack trace. */
        public String complaint() {
            String last = stderr.substring(stderr.lastIndexOf('\n') + 1);
            if (!last.startsWith("flaredb: ") || stderr.contains("\tat ")) {
                throw new AssertionError("no clear line of what is wrong in: " + this);
            }
            return last;
        }
    }

    /** The line by which a process tells that it serves, and where. */
    public record ReadyLine(String text) {
        /**
         * The address behind a word of the line, say {@code pd}; the first one for {@code ready:}.
         */
        public String after(String word) {
            Matcher matcher = Pattern.compile(Pattern.quote(word) + " (\\S+)").matcher(text);
            if (!matcher.find()) {
                throw new IllegalStateException("no \"" + word + "\" in: " + text);
            }
            return matcher.group(1);
        }
    }
}
