package io.flaredb.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code dev}, {@code pd} or {@code server}, run in a thread of this JVM until it is closed. */
final class RunningProcess implements AutoCloseable {
    static final Duration DEADLINE = Duration.ofSeconds(60);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final CompletableFuture<Integer> exitCode = new CompletableFuture<>();
    private final Thread thread;

    private RunningProcess(String... args) {
        Terminal terminal =
                new Terminal(
                        InputStream.nullInputStream(),
                        new AnswerStream(out),
                        new PrintStream(err, true, UTF_8),
                        Map.of());
        thread =
                Thread.ofPlatform()
                        .name("flaredb " + args[0])
                        .start(() -> exitCode.complete(Main.run(terminal, args)));
    }

    /** Returns once it is ready, or has ended. */
    static RunningProcess start(String... args) {
        RunningProcess process = launch(args);
        process.awaitReady();
        return process;
    }

    /** Does not wait. */
    static RunningProcess launch(String... args) {
        return new RunningProcess(args);
    }

    /** Returns once it is ready, or has ended. */
    void awaitReady() {
        await().atMost(DEADLINE)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> out().contains("ready") || exitCode.isDone());
    }

    String out() {
        return out.toString(UTF_8);
    }

    String err() {
        return err.toString(UTF_8);
    }

    /** The word of the ready line that follows {@code label}. */
    String ready(String label) {
        Matcher matcher = Pattern.compile(Pattern.quote(label) + " (\\S+)").matcher(out());
        if (!matcher.find()) {
            throw new AssertionError("no " + label + " in: " + out() + err());
        }
        return matcher.group(1);
    }

    /** Asks it to stop, and waits until it has. */
    int stop() throws Exception {
        thread.interrupt();
        return exitCode.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
    }

    @Override
    public void close() throws Exception {
        stop();
    }
}
