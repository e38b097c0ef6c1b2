package io.flaredb.cli;

import picocli.CommandLine.Command;

/** {@code flaredb bench}. */
@Command(
        name = "bench",
        description = "Measure how fast the cluster answers, and how fast it could.",
        subcommands = {BenchRunCommand.class, BenchCeilingsCommand.class})
final class BenchCommand extends CommandGroup {}
