package io.flaredb.peers.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The child processes of one turn. What they print goes to a file each. They are ended when this is
 * closed, or by {@link #endAll}.
 *
 * <p>For one thread, but for {@link #endAll}.
 */
public final class Processes implements AutoCloseable {
    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();
    private static volatile boolean ending;

    private static final int SHOWN_LINES = 12;

    private final Path logs;
    private final String prefix;
    private final List<Process> processes = new ArrayList<>();

    /**
     * @param logs folder of the files, which exists
     * @param prefix of their names
     */
    public Processes(Path logs, String prefix) {
        this.logs = logs;
        this.prefix = prefix;
    }

    /**
     * One of the processes.
     *
     * @param output all that it printed, standard output and errors
     */
    public record Child(String name, Process process, Path output) {
        /** The last lines that it printed, for the message of a failure. */
        public String lastWords() {
            try {
                List<String> lines = Files.readAllLines(output);
                return String.join(
                        "\n", lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size()));
            } catch (IOException e) {
                return "(no output: " + e + ")";
            }
        }
    }

    /**
     * Starts a process in the folder of the files.
     *
     * @param name of its file, in place of which it is written if there is one: what an earlier run
     *     measured must not count for this one
     * @param command with absolute paths
     * @throws IOException if there is no such program
     */
    public Child start(String name, List<String> command, Map<String, String> environment)
            throws IOException {
        Path output = logs.resolve(prefix + "-" + name + ".log");
        ProcessBuilder builder = new ProcessBuilder(command);
        // Some write files where they were started: RheaKV its threads when it refuses a task.
        builder.directory(logs.toFile());
        // The settings of whoever runs this must not reach what is measured.
        builder.environment().keySet().removeIf(key -> key.startsWith("FLAREDB_"));
        builder.environment().putAll(environment);
        builder.redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.to(output.toFile()));
        Process process = builder.start();
        processes.add(process);
        RUNNING.add(process);
        if (ending) { // perhaps too late for endAll() to have seen this one
            process.destroyForcibly();
            throw new IllegalStateException("ending: " + name + " is not started");
        }
        process.getOutputStream().close();
        return new Child(name, process, output);
    }

    /**
     * Ends the processes of all turns, as {@link #close} does, and lets no new ones start: for the
     * end of this JVM. Any thread.
     */
    public static void endAll() {
        ending = true;
        RUNNING.forEach(Process::destroyForcibly);
        RUNNING.forEach(process -> process.onExit().join());
    }

    /** Whether {@link #endAll} was called. */
    public static boolean isEnding() {
        return ending;
    }

    /** Ends all of them as {@code kill -9} does, and waits until they are gone. */
    @Override
    public void close() {
        processes.forEach(Process::destroyForcibly);
        for (Process process : processes) {
            process.onExit().join();
            RUNNING.remove(process);
        }
        processes.clear();
    }
}
