package io.flaredb.it.fault;

import static org.awaitility.Awaitility.await;

import io.flaredb.it.process.FlareProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A network namespace without a name, which lasts as long as a process lives in it. One is put
 * there to hold it: it waits for the end of its input, so it ends with this JVM, however that ends,
 * and nothing can be left behind.
 */
final class NetworkNamespace implements AutoCloseable {
    /** The environment variable by which a launcher says which namespace is the machine's own. */
    static final String OUTER = "FLAREDB_OUTER_NETWORK";

    private final Process holder;

    private NetworkNamespace(Process holder) {
        this.holder = holder;
    }

    static NetworkNamespace create() {
        try {
            NetworkNamespace created =
                    new NetworkNamespace(
                            new ProcessBuilder("unshare", "--net", "--", "cat")
                                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                                    .start());
            created.awaitApart();
            return created;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether this JVM was put into another namespace than that of who launched it. */
    static boolean thisProcessIsApart() {
        String outer = System.getenv(OUTER);
        return outer != null && !outer.equals(own());
    }

    /** The namespace of this JVM. */
    static String own() {
        try {
            return of("self").toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Until then the holder is still in ours. */
    private void awaitApart() {
        await("a network namespace")
                .atMost(FlareProcess.DEADLINE)
                .until(() -> {
                    if (!holder.isAlive()) {
                        throw new IllegalStateException("no network namespace to be had");
                    }
                    return !of("self").equals(of(Long.toString(holder.pid())));
                });
    }

    private static Path of(String process) throws IOException {
        return Files.readSymbolicLink(Path.of("/proc", process, "ns/net"));
    }

    /** What {@code ip} calls it by. */
    String pid() {
        return Long.toString(holder.pid());
    }

    /** Put before a command, which then runs inside; the process stays the same (exec). */
    List<String> prefix() {
        return List.of("nsenter", "--net=/proc/" + pid() + "/ns/net", "--");
    }

    @Override
    public void close() {
        holder.destroyForcibly();
    }
}
