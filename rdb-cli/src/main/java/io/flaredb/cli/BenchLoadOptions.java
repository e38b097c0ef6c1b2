package io.flaredb.cli;

import io.flaredb.bench.Progress;
import io.flaredb.bench.WarmUp;
import java.io.Console;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of every load: how much, how long, and whether to tell how it goes on. */
final class BenchLoadOptions {
    private static final Duration DEFAULT_WARM_UP_LIMIT = Duration.ofSeconds(60);

    @Spec(Spec.Target.MIXEE)
    private CommandSpec mixee;

    @Option(
            names = "--in-flight",
            paramLabel = "N",
            split = ",",
            defaultValue = "1,64,256",
            converter = BenchConverters.InFlight.class,
            description =
                    "The most operations under way at any time, with commas between them. Default:"
                            + " 1,64,256.")
    private List<Integer> inFlight = new ArrayList<>();

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "10",
            converter = BenchConverters.Seconds.class,
            description = "How long to measure each, 1 to 86400. Default: 10.")
    private int seconds;

    @Option(
            names = "--warm-up",
            paramLabel = "TIME",
            defaultValue = "10s",
            converter = Converters.Durations.class,
            description =
                    "How long each runs at least before it is measured; it goes on until the"
                            + " throughput is steady. Default: 10s.")
    private Duration warmUp;

    @Option(
            names = "--warm-up-limit",
            paramLabel = "TIME",
            converter = Converters.Durations.class,
            description =
                    "How long each warms up at most. Default: 60s, or --warm-up if that is longer.")
    private @Nullable Duration warmUpLimit;

    @Option(
            names = "--value-size",
            paramLabel = "BYTES",
            defaultValue = "128",
            converter = BenchConverters.ValueSize.class,
            description = "Size of each value, 1 to 4194304. Default: 128.")
    private int valueBytes;

    @Option(
            names = "--progress",
            description =
                    "Tell on stderr every two seconds how it goes on. Default: where stdin and"
                            + " stdout are a terminal.")
    private boolean progress;

    List<Integer> inFlight() {
        requireOnce("--in-flight", inFlight);
        return inFlight;
    }

    /**
     * Refuses what would run twice, and count as two runs of one load.
     *
     * @param option that the values are given by
     */
    void requireOnce(String option, List<?> values) {
        if (Set.copyOf(values).size() < values.size()) {
            throw new ParameterException(
                    mixee.commandLine(), option + " names something twice: " + values);
        }
    }

    int valueBytes() {
        return valueBytes;
    }

    Duration duration() {
        return Duration.ofSeconds(seconds);
    }

    WarmUp warmUp() {
        if (warmUpLimit == null) {
            boolean longer = warmUp.compareTo(DEFAULT_WARM_UP_LIMIT) > 0;
            return new WarmUp(warmUp, longer ? warmUp : DEFAULT_WARM_UP_LIMIT);
        }
        if (warmUpLimit.compareTo(warmUp) < 0) {
            throw new ParameterException(
                    mixee.commandLine(),
                    "--warm-up-limit is %d ms: at least --warm-up, %d ms"
                            .formatted(warmUpLimit.toMillis(), warmUp.toMillis()));
        }
        return new WarmUp(warmUp, warmUpLimit);
    }

    /**
     * What tells how loads go on.
     *
     * @param on what they run on, see {@link BenchProgress#remark}
     */
    @SuppressWarnings("SystemConsoleNull") // it still is null, say for a daemon or in a pipe
    Progress progress(Terminal terminal, String on) {
        Console console = System.console();
        boolean interactive = console != null && console.isTerminal();
        return progress || interactive ? new BenchProgress(terminal.err(), on) : Progress.NONE;
    }
}
