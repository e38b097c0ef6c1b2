package io.flaredb.cli;

import io.flaredb.client.FlareDb;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** A command that asks a cluster something and answers on stdout. */
@Command(
        sortOptions = false,
        sortSynopsis = false,
        parameterListHeading = "%nArguments:%n",
        optionListHeading = "%nOptions:%n")
abstract class ClientCommand implements Callable<Integer> {
    @Mixin ClientOptions options;

    @Mixin PdOption pd;

    @Override
    public final Integer call() {
        Output output = options.output();
        try (FlareDb db = options.connect(pd.address(), defaultTimeout(), executor())) {
            ExitCode exitCode = run(db, output);
            output.finish();
            return exitCode.number();
        }
    }

    /** How long to wait where {@code --timeout} says nothing. */
    Duration defaultTimeout() {
        return ClientOptions.DEFAULT_TIMEOUT;
    }

    /** What completes the client's asynchronous answers. */
    Executor executor() {
        return ForkJoinPool.commonPool();
    }

    /**
     * Does the command's work.
     *
     * @throws CommandException or a {@link io.flaredb.client.FlareDbException}, or a {@link
     *     picocli.CommandLine.ParameterException} for a wrong argument; see {@link Failures}
     */
    abstract ExitCode run(FlareDb db, Output output);
}
