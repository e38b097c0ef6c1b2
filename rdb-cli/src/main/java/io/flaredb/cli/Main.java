package io.flaredb.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;

/** Where the command {@code flaredb} starts. */
public final class Main {
    private Main() {}

    /** Runs one command and ends this JVM with its exit code, see {@link ExitCode}. */
    public static void main(String[] args) {
        System.exit(run(Terminal.ofProcess(), args));
    }

    /** Runs one command. */
    static int run(Terminal terminal, String... args) {
        Failures failures = new Failures(terminal.err(), asksForJson(args));
        try {
            // Libraries would report what the command's one line reports already.
            Logging.start(LogLevel.ofEnvironment(terminal.env(), LogLevel.OFF), terminal.err());
            int exitCode = commandLine(terminal, failures).execute(args);
            if (exitCode == ExitCode.DONE.number()) {
                terminal.out().finish(); // of help, say, nobody else asks whether it was written
            }
            return exitCode;
        } catch (RuntimeException | Error e) { // picocli catches only what commands throw
            return failures.execution(e);
        } finally {
            terminal.out().flush();
        }
    }

    private static CommandLine commandLine(Terminal terminal, Failures failures) {
        return new CommandLine(new FlaredbCommand(terminal))
                .setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8))
                .setExpandAtFiles(false) // a key may start with @
                .registerConverter(Path.class, new Converters.FilePath())
                .setPosixClusteredShortOptionsAllowed(false)
                .setParameterExceptionHandler((failure, args) -> failures.usage(failure))
                .setExecutionExceptionHandler(
                        (failure, line, parsed) -> failures.execution(failure));
    }

    /**
     * Whether errors are to be JSON. Looks at the words alone, since the command line may be what
     * is wrong.
     */
    private static boolean asksForJson(String[] args) {
        List<String> words = List.of(args);
        int end = words.indexOf("--");
        for (int i = 0; i < (end < 0 ? words.size() : end); i++) {
            String word = words.get(i);
            if (word.equals("-o=json") || word.equals("-ojson") || word.equals("--output=json")) {
                return true;
            }
            boolean option = word.equals("-o") || word.equals("--output");
            if (option && i + 1 < words.size() && words.get(i + 1).equals("json")) {
                return true;
            }
        }
        return false;
    }
}
