package io.flaredb.cli;

import io.flaredb.bytes.Bytes;
import io.flaredb.client.FlareDb;
import io.flaredb.client.FlareDbOptions;
import io.flaredb.rpc.HostAndPort;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The options of every command that asks a cluster something. They may stand before the command as
 * well as after it; the one that stands nearest to the command counts.
 */
final class ClientOptions {
    static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

    @Spec(Spec.Target.MIXEE)
    private CommandSpec mixee;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            order = 101,
            converter = Converters.Durations.class,
            description =
                    "Give up after this long: a number with ms, s or m, 1ms to 1440m. Default: 5s,"
                            + " unless said below.")
    private @Nullable Duration timeout;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            order = 102,
            converter = Converters.OutputFormats.class,
            completionCandidates = Converters.OutputFormats.class,
            description = "text: one value per line. json: one object per answer. Default: text.")
    private @Nullable OutputFormat output;

    @Option(
            names = "--encoding",
            paramLabel = "ENC",
            order = 103,
            converter = Converters.Encodings.class,
            completionCandidates = Converters.Encodings.class,
            description = "How keys and values are written: utf8, hex or base64. Default: utf8.")
    private @Nullable Encoding encoding;

    /**
     * Connects lazily: a cluster that cannot be reached is reported by the first operation.
     *
     * @param defaultTimeout counts where none was given
     * @param executor completes asynchronous answers
     */
    FlareDb connect(HostAndPort pd, Duration defaultTimeout, Executor executor) {
        Duration limit = nearest(options -> options.timeout, defaultTimeout);
        return FlareDb.connect(
                pd.toString(), FlareDbOptions.defaults().withTimeout(limit).withExecutor(executor));
    }

    /** Where and how the answer goes. */
    Output output() {
        return new Output(
                terminal(), nearest(options -> options.output, OutputFormat.TEXT), encoding());
    }

    /**
     * Reads a key or a value of the command line.
     *
     * @param label what the help calls it
     */
    Bytes decode(String label, String text) {
        try {
            return encoding().decode(text);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(mixee.commandLine(), label + " " + e.getMessage(), e);
        }
    }

    Terminal terminal() {
        return FlaredbCommand.of(mixee).terminal();
    }

    private Encoding encoding() {
        return nearest(options -> options.encoding, Encoding.UTF8);
    }

    private <T> T nearest(Function<ClientOptions, @Nullable T> option, T otherwise) {
        T value = Nearest.find(mixee, ClientOptions.class, option);
        return value == null ? otherwise : value;
    }
}
