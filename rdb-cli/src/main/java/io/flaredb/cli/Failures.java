package io.flaredb.cli;

import com.google.gson.JsonObject;
import io.flaredb.client.CorruptionException;
import io.flaredb.client.FlareDbException;
import io.flaredb.client.InvalidRequestException;
import io.flaredb.client.OutcomeUnknownException;
import io.flaredb.client.RefusedException;
import io.flaredb.client.UnavailableException;
import io.flaredb.rpc.CannotListenException;
import io.flaredb.server.placement.PlacementException;
import io.flaredb.storage.StorageException;
import java.io.PrintStream;
import java.util.List;
import java.util.Set;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says why a command failed: one line, or one JSON object, on stderr, and the exit code. */
final class Failures {
    private static final String DASH_HINT = "put -- before a key or value that starts with a dash";

    private static final String ENCODING_HINT =
            "give a key or value that starts with a dash in --encoding hex or base64";

    private final PrintStream err;
    private final boolean json;

    Failures(PrintStream err, boolean json) {
        this.err = err;
        this.json = json;
    }

    /** One line of stderr, however many the message has. */
    static void line(PrintStream err, String message) {
        err.print("flaredb: " + Logging.oneLine(message) + '\n');
        err.flush();
    }

    /** A wrong command line. */
    int usage(ParameterException failure) {
        String command = failure.getCommandLine().getCommandSpec().qualifiedName();
        return report(ExitCode.USAGE, wording(failure) + " (see " + command + " --help)");
    }

    /** Anything that came up while a command was at work. */
    int execution(Throwable failure) {
        LoggerFactory.getLogger(Failures.class).debug("the command failed", failure);
        return switch (failure) {
            case FlareDbException e -> report(exitCode(e), message(e));
            case CommandException e when e.exitCode() == ExitCode.READER_GONE ->
                    e.exitCode().number(); // no news: who has gone away wants no more
            case CommandException e -> report(e.exitCode(), message(e));
            case Encoding.NotUtf8Exception e -> report(ExitCode.FAILED, message(e));
            case CannotListenException e -> report(ExitCode.FAILED, message(e));
            case StorageException e -> report(ExitCode.FAILED, message(e));
            case PlacementException e ->
                    report(
                            e.isWorthRepeating() ? ExitCode.UNAVAILABLE : ExitCode.FAILED,
                            message(e));
            // Not expected, so its kind is part of what there is to know.
            default -> report(ExitCode.FAILED, "internal error: " + failure);
        };
    }

    private static ExitCode exitCode(FlareDbException failure) {
        return switch (failure) { // no default: a new kind must be given its exit code
            case InvalidRequestException e -> ExitCode.USAGE;
            case RefusedException e -> ExitCode.FAILED;
            case CorruptionException e -> ExitCode.FAILED;
            case UnavailableException e -> ExitCode.UNAVAILABLE;
            case OutcomeUnknownException e -> ExitCode.OUTCOME_UNKNOWN;
        };
    }

    private int report(ExitCode exitCode, String message) {
        if (json) {
            JsonObject object = new JsonObject();
            object.addProperty("error", exitCode.word());
            object.addProperty("message", message);
            err.print(object.toString() + '\n');
            err.flush();
        } else {
            line(err, message);
        }
        return exitCode.number();
    }

    /** Picocli's words where they are good, ours where they are about its own workings. */
    private static String wording(ParameterException failure) {
        CommandSpec command = failure.getCommandLine().getCommandSpec();
        if (failure instanceof UnmatchedArgumentException unmatched) {
            String argument = unmatched.getUnmatched().getFirst();
            return unmatched.isUnknownOption()
                    ? unknownOption(argument, command)
                    : unknownCommand(argument, command);
        }
        if (failure instanceof MissingParameterException missing) {
            for (String argument : missing.getCommandLine().getUnmatchedArguments()) {
                if (argument.startsWith("-")) { // what is missing was meant by it, most likely
                    return unknownOption(argument, command);
                }
            }
            CommandLine group = missing.getCommandLine().getParent();
            if (group != null && !group.getUnmatchedArguments().isEmpty()) { // before the command
                return unknownCommand(
                        group.getUnmatchedArguments().getFirst(), group.getCommandSpec());
            }
        }
        String message = message(failure);
        if (message.startsWith("Expected ") && message.contains("but found '-")) {
            message += ": " + ENCODING_HINT; // -- ends options, their parameters too
        }
        // Option names keep their case, sentences of picocli start in lower case like ours.
        return message.matches("(Missing|Invalid|Expected) .*")
                ? Character.toLowerCase(message.charAt(0)) + message.substring(1)
                : message;
    }

    private static String unknownOption(String argument, CommandSpec command) {
        String suggestion = suggestion(argument, command.optionsMap().keySet());
        String unknown = "unknown option '" + argument + "'";
        if (!suggestion.isEmpty()) {
            return unknown + ": " + suggestion;
        }
        return command.positionalParameters().isEmpty() ? unknown : unknown + ": " + DASH_HINT;
    }

    private static String unknownCommand(String argument, CommandSpec group) {
        Set<String> commands = CommandGroup.commandsOf(group);
        String suggestion = suggestion(argument, commands);
        return commands.isEmpty()
                ? "unexpected argument '" + argument + "'"
                : "unknown command '"
                        + argument
                        + "': "
                        + (suggestion.isEmpty()
                                ? "allowed are " + String.join(", ", commands)
                                : suggestion);
    }

    private static String suggestion(String typed, Set<String> candidates) {
        List<String> nearest = Suggestions.nearest(typed, candidates);
        return nearest.isEmpty() ? "" : "did you mean " + String.join(" or ", nearest) + "?";
    }

    private static String message(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.toString() : message;
    }
}
