package io.flaredb.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** {@code flaredb} itself: the root of all commands. */
@Command(
        name = "flaredb",
        description = "A distributed key-value store with compare-and-swap.",
        versionProvider = FlaredbCommand.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DevCommand.class,
            PdCommand.class,
            ServerCommand.class,
            RawCommand.class,
            CasCommand.class,
            TsoCommand.class,
            StatusCommand.class,
            StoreCommand.class,
            RegionCommand.class,
            BenchCommand.class,
            CompletionCommand.class,
            TrainCommand.class,
            HelpCommand.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:failed for another reason",
            "2:wrong usage, nothing was done",
            "3:conflict: the key is at another version, nothing has changed",
            "4:there is no such key",
            "5:unavailable or timed out, nothing has changed",
            "6:a write was sent and its outcome is not known",
            "130:ended by Ctrl-C: a write under way may have happened, or may still happen",
            "141:nobody reads the answer any more, in a pipe to head for example",
            "143:ended by SIGTERM: as 130"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  flaredb dev                            start a FlareDB on this machine",
            "  flaredb raw put greeting hello         write",
            "  flaredb raw get greeting               read",
            "  flaredb cas put counter 1 --expect 0   write if nobody else did",
            "  flaredb -o json status                 for programs",
            "  source <(flaredb completion)           completion for bash and zsh",
            "",
            "Options may stand before or behind a command that has them. -- ends options: a",
            "key or a value behind it may start with a dash."
        })
final class FlaredbCommand extends CommandGroup {
    private final Terminal terminal;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            order = 200,
            description = "Show this help.")
    private boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            order = 201,
            description = "Show the version.")
    private boolean version;

    FlaredbCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** The root that {@code command} stands under. */
    static FlaredbCommand of(CommandSpec command) {
        return (FlaredbCommand) command.root().userObject();
    }

    Terminal terminal() {
        return terminal;
    }

    /** As the jar's manifest has it. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = FlaredbCommand.class.getPackage().getImplementationVersion();
            return new String[] {
                "flaredb "
                        + (version == null ? "(not packaged)" : version)
                        + ", Java "
                        + Runtime.version()
            };
        }
    }
}
