package io.flaredb.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code flaredb completion}. */
@Command(
        name = "completion",
        description = "Print a script that completes commands and options in bash and zsh.",
        footer = {
            "%nFor this shell:    source <(flaredb completion)",
            "For every shell:   flaredb completion > ~/.flaredb-completion",
            "                   echo 'source ~/.flaredb-completion' >> ~/.bashrc",
            "                   (or ~/.zshrc)"
        })
final class CompletionCommand implements Runnable {
    @Spec private CommandSpec spec;

    @Override
    public void run() {
        CommandSpec root = spec.root();
        Terminal terminal = FlaredbCommand.of(spec).terminal();
        terminal.out().print(AutoComplete.bash(root.name(), root.commandLine()));
        terminal.out().flush();
    }
}
