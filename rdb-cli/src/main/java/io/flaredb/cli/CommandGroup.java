package io.flaredb.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that only stands before others. */
@Command(
        sortOptions = false,
        sortSynopsis = false,
        parameterListHeading = "%nArguments:%n",
        commandListHeading = "%nCommands:%n",
        optionListHeading = "%nOptions:%n")
abstract class CommandGroup implements Runnable {
    @Spec private CommandSpec spec;

    @Mixin private ClientOptions options;

    @Mixin private PdOption pd;

    @Override
    public final void run() {
        throw new ParameterException(
                spec.commandLine(),
                "missing command: one of " + String.join(", ", spec.subcommands().keySet()));
    }
}
