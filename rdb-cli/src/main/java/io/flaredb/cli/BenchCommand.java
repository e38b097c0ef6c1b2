package io.flaredb.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.flaredb.bench.DataSet;
import io.flaredb.bench.FlareDbTarget;
import io.flaredb.bench.LoadOptions;
import io.flaredb.bench.LoadResult;
import io.flaredb.bench.LoadRunner;
import io.flaredb.bench.Progress;
import io.flaredb.bench.WarmUp;
import io.flaredb.bench.Workload;
import io.flaredb.bytes.SizeLimits;
import io.flaredb.client.FlareDb;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code flaredb bench}. */
@Command(
        name = "bench",
        description = "Measure how fast the cluster answers.",
        subcommands = BenchCommand.RunLoad.class)
final class BenchCommand extends CommandGroup {

    @Command(
            name = "run",
            description = {
                "Put load on the cluster, one workload after the other, each with every",
                "number of operations in flight. Writes keys that begin with \"bench\"."
            })
    static final class RunLoad extends ClientCommand {
        @Spec private CommandSpec spec;

        @Option(
                names = "--workload",
                paramLabel = "NAME",
                split = ",",
                defaultValue = "put,get,cas",
                converter = Workloads.class,
                completionCandidates = Workloads.class,
                description =
                        "put, get, get-stale or cas, with commas between them. Default: put,get,cas.")
        private List<Workload> workloads = new ArrayList<>();

        @Option(
                names = "--in-flight",
                paramLabel = "N",
                split = ",",
                defaultValue = "1,64,256",
                converter = InFlight.class,
                description =
                        "Operations under way at any time, with commas between them."
                                + " Default: 1,64,256.")
        private List<Integer> inFlight = new ArrayList<>();

        @Option(
                names = "--seconds",
                paramLabel = "N",
                defaultValue = "10",
                converter = Seconds.class,
                description = "How long to measure each, 1 to 86400. Default: 10.")
        private int seconds;

        @Option(
                names = "--warm-up",
                paramLabel = "TIME",
                defaultValue = "10s",
                converter = Converters.Durations.class,
                description = "How long each runs before it is measured. Default: 10s.")
        private Duration warmUp;

        @Option(
                names = "--value-size",
                paramLabel = "BYTES",
                defaultValue = "128",
                converter = ValueSize.class,
                description = "Size of each value, 1 to 4194304. Default: 128.")
        private int valueBytes;

        @Option(
                names = "--keys",
                paramLabel = "N",
                defaultValue = "100000",
                converter = Keys.class,
                description = "How many keys there are, up to 100 million. Default: 100000.")
        private int keys;

        @Override
        ExitCode run(FlareDb db, Output output) {
            List<LoadResult> results = new ArrayList<>();
            LoadRunner runner =
                    new LoadRunner(new FlareDbTarget(db), new DataSet(keys, 16, valueBytes, 1));
            try {
                for (Workload workload : workloads) {
                    for (int many : inFlight) {
                        results.add(runner.run(load(workload, many), Progress.NONE));
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CommandException(ExitCode.FAILED, "interrupted");
            }
            if (output.isJson()) {
                json(results, output);
            } else {
                table(results, output);
            }
            return ExitCode.DONE;
        }

        private LoadOptions load(Workload workload, int many) {
            try {
                return new LoadOptions(
                        workload, many, 0, new WarmUp(warmUp, warmUp), Duration.ofSeconds(seconds));
            } catch (IllegalArgumentException e) {
                throw new ParameterException(spec.commandLine(), e.getMessage(), e);
            }
        }

        private static void json(List<LoadResult> results, Output output) {
            JsonArray array = new JsonArray();
            for (LoadResult result : results) {
                JsonObject json = new JsonObject();
                json.addProperty("workload", name(result.options().workload()));
                json.addProperty("in_flight", result.options().inFlight());
                json.addProperty("operations", result.operations());
                json.addProperty("failures", result.failures());
                json.addProperty("seconds", result.elapsed().toNanos() / 1e9);
                json.addProperty("per_second", result.perSecond());
                json.addProperty("p50_us", result.latencies().p50().toNanos() / 1e3);
                json.addProperty("p99_us", result.latencies().p99().toNanos() / 1e3);
                json.addProperty("max_us", result.latencies().max().toNanos() / 1e3);
                array.add(json);
            }
            JsonObject answer = new JsonObject();
            answer.add("results", array);
            output.object(answer);
        }

        private static void table(List<LoadResult> results, Output output) {
            Table table =
                    new Table(
                            "WORKLOAD",
                            "IN FLIGHT",
                            "PER SECOND",
                            "P50 MS",
                            "P99 MS",
                            "MAX MS",
                            "FAILED");
            for (LoadResult result : results) {
                table.add(
                        List.of(
                                name(result.options().workload()),
                                Integer.toString(result.options().inFlight()),
                                String.format(Locale.ROOT, "%.0f", result.perSecond()),
                                millis(result.latencies().p50()),
                                millis(result.latencies().p99()),
                                millis(result.latencies().max()),
                                Long.toString(result.failures())));
            }
            table.lines().forEach(output::line);
        }

        private static String name(Workload workload) {
            return workload.name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        private static String millis(Duration duration) {
            return String.format(Locale.ROOT, "%.2f", duration.toNanos() / 1e6);
        }
    }

    static final class Workloads extends Converters.Choice<Workload> {
        Workloads() {
            super(Workload.values());
        }
    }

    static final class InFlight extends Converters.Count {
        InFlight() {
            super(65_536);
        }
    }

    static final class Seconds extends Converters.Count {
        Seconds() {
            super(86_400);
        }
    }

    static final class Keys extends Converters.Count {
        Keys() {
            super(100_000_000);
        }
    }

    static final class ValueSize extends Converters.Count {
        ValueSize() {
            super(SizeLimits.MAX_VALUE_BYTES);
        }
    }
}
