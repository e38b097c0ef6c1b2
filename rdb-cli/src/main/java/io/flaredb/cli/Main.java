package io.flaredb.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;

/** Where the command {@code flaredb} starts. */
public final class Main {
    private static final Pattern OUTPUT = Pattern.compile("(?:-o=?|--output=)(.+)");

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
     * Whether errors are to be JSON: what is said last counts, which is nearest to the command.
     * Looks at the words alone, since the command line may be what is wrong.
     */
    private static boolean asksForJson(String[] args) {
        boolean json = false;
        for (int i = 0; i < args.length && !args[i].equals("--"); i++) {
            Matcher output = OUTPUT.matcher(args[i]);
            if (output.matches()) {
                json = output.group(1).equals("json");
            } else if (args[i].matches("-o|--output") && i + 1 < args.length) {
                json = args[i + 1].equals("json");
            }
        }
        return json;
    }
}
