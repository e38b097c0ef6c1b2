package io.flaredb.it.process;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The lines that a child process has written to one of its streams; read as they come. */
final class Output {
    private final Thread reader;

    @GuardedBy("this")
    private final List<String> lines = new ArrayList<>();

    Output(String name, InputStream stream) {
        // No virtual thread: it would hold its carrier while it waits, and there are only a few.
        reader = Thread.ofPlatform().daemon().name(name).start(() -> readAll(stream));
    }

    private void readAll(InputStream stream) {
        try (var in = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                synchronized (this) {
                    lines.add(line);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until the stream has ended: call it when the process is gone. */
    void awaitEnd() throws InterruptedException {
        reader.join();
    }

    synchronized List<String> lines() {
        return List.copyOf(lines);
    }

    synchronized Optional<String> first(Predicate<String> wanted) {
        return lines.stream().filter(wanted).findFirst();
    }

    String text() {
        return String.join("\n", lines());
    }
}
