package io.flaredb.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that serves until it is told to stop. */
@Command(
        sortOptions = false,
        sortSynopsis = false,
        optionListHeading = "%nOptions:%n",
        footer = {
            "%nPrints one line when it is ready. Ctrl-C and SIGTERM stop it: what was accepted",
            "is finished first, and the exit code is 0."
        })
abstract class DaemonCommand implements Callable<Integer> {
    @Spec CommandSpec spec;

    @Option(
            names = "--log-level",
            paramLabel = "LEVEL",
            order = 100,
            converter = Converters.LogLevels.class,
            completionCandidates = Converters.LogLevels.class,
            description =
                    "What to tell on stderr: off, error, warn, info or debug. Default:"
                            + " $FLAREDB_LOG_LEVEL, or warn.")
    private @Nullable LogLevel logLevel;

    @Option(
            names = ParentWatch.OPTION,
            hidden = true,
            description = "Stop when stdin ends, and not on Ctrl-C: for children of flaredb dev.")
    private boolean child;

    @Override
    public final Integer call() {
        refuseOptionsOfOthers();
        Terminal terminal = FlaredbCommand.of(spec).terminal();
        Logging.start(logLevel(terminal), terminal.err());
        if (child) {
            ParentWatch.start(terminal.in());
        }
        return serve(terminal).number();
    }

    /** Options of client commands may stand in front, and would do nothing here. */
    private void refuseOptionsOfOthers() {
        for (OptionSpec option : spec.parent().commandLine().getParseResult().matchedOptions()) {
            if (spec.findOption(option.longestName()) == null) {
                throw new ParameterException(
                        spec.commandLine(),
                        "'" + option.longestName() + "' is not an option of " + spec.name());
            }
        }
    }

    final LogLevel logLevel(Terminal terminal) {
        return logLevel != null ? logLevel : LogLevel.ofEnvironment(terminal.env(), LogLevel.WARN);
    }

    /** Starts the servers and runs them in a {@link Daemon}. */
    abstract ExitCode serve(Terminal terminal);
}
