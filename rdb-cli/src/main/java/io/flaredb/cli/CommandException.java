package io.flaredb.cli;

/** Ends the command with one line on stderr. */
final class CommandException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final ExitCode exitCode;

    /**
     * @param message one line for a person, without the command's name before it
     */
    CommandException(ExitCode exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    ExitCode exitCode() {
        return exitCode;
    }
}
