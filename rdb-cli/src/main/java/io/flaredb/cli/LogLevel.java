package io.flaredb.cli;

import java.util.Map;
import java.util.logging.Level;
import picocli.CommandLine.TypeConversionException;

/** How much a process tells on stderr. */
enum LogLevel {
    /** Nothing but what ends the process. */
    OFF(Level.OFF),
    /** What an operator must look after. */
    ERROR(Level.SEVERE),
    /** Also what an operator should know. */
    WARN(Level.WARNING),
    /** Also what happens in the ordinary course of things. */
    INFO(Level.INFO),
    /** Everything, with stack traces. */
    DEBUG(Level.FINE);

    static final String VARIABLE = "FLAREDB_LOG_LEVEL";

    private final Level level;

    LogLevel(Level level) {
        this.level = level;
    }

    /**
     * The level that the environment asks for.
     *
     * @throws CommandException if it is none of these
     */
    static LogLevel ofEnvironment(Map<String, String> env, LogLevel otherwise) {
        String text = env.getOrDefault(VARIABLE, "");
        if (text.isEmpty()) {
            return otherwise;
        }
        try {
            return new Converters.LogLevels().convert(text);
        } catch (TypeConversionException e) {
            throw new CommandException(
                    ExitCode.USAGE, "invalid value for " + VARIABLE + ": " + e.getMessage());
        }
    }

    Level level() {
        return level;
    }
}
