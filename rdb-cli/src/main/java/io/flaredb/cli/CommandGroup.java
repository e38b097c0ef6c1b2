package io.flaredb.cli;

import java.util.LinkedHashSet;
import java.util.Set;
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
                "missing command: one of " + String.join(", ", commandsOf(spec)));
    }

    /** The names of the commands that stand behind one, without those that are not for people. */
    static Set<String> commandsOf(CommandSpec group) {
        Set<String> names = new LinkedHashSet<>();
        group.subcommands()
                .forEach((name, command) -> {
                    if (!command.getCommandSpec().usageMessage().hidden()) {
                        names.add(name);
                    }
                });
        return names;
    }
}
