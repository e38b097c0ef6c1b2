package io.flaredb.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code flaredb help}. Picocli's own cannot reach commands of commands. */
@Command(name = "help", description = "Show the help of a command.")
final class HelpCommand implements Runnable {
    @Spec private CommandSpec spec;

    @Parameters(
            arity = "0..*",
            paramLabel = "COMMAND",
            description = "For example: raw put. Default: flaredb itself.")
    private List<String> path = List.of();

    @Override
    public void run() {
        CommandLine command = spec.root().commandLine();
        for (String name : path) {
            CommandLine next = command.getSubcommands().get(name);
            if (next == null) {
                throw new ParameterException(command, "unknown command '" + name + "'");
            }
            command = next;
        }
        command.usage(FlaredbCommand.of(spec).terminal().out());
    }
}
