package io.flaredb.cli;

import io.flaredb.bench.DataSet;
import io.flaredb.bench.FlareDbTarget;
import io.flaredb.bench.LoadOptions;
import io.flaredb.bench.LoadResult;
import io.flaredb.bench.LoadRunner;
import io.flaredb.bench.Progress;
import io.flaredb.bench.Target;
import io.flaredb.bench.WarmUp;
import io.flaredb.bench.Workload;
import io.flaredb.bench.report.JsonReport;
import io.flaredb.bench.report.Machine;
import io.flaredb.bench.report.PlotReport;
import io.flaredb.bench.report.Report;
import io.flaredb.bytes.Bytes;
import io.flaredb.client.FlareDb;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code flaredb bench run}. */
@Command(
        name = "run",
        description =
                "Put load on the cluster, one workload after the other, each with every number of"
                        + " operations in flight. Writes keys that begin with \"bench-\" and"
                        + " \"contended-\". Exits with 1 if an operation failed, or none of a load"
                        + " succeeded.")
final class BenchRunCommand extends ClientCommand {
    private static final long SEED = 1;

    @Spec private CommandSpec spec;

    @Option(
            names = "--workload",
            paramLabel = "NAME",
            split = ",",
            defaultValue = "put,get,cas",
            converter = BenchConverters.Workloads.class,
            completionCandidates = BenchConverters.Workloads.class,
            description =
                    "put, get, get-stale, cas, cas-contended, scan, mixed or tso, with commas"
                            + " between them. Default: put,get,cas.")
    private List<Workload> workloads = new ArrayList<>();

    @Mixin private BenchLoadOptions load;

    @Option(
            names = "--rate",
            paramLabel = "N",
            converter = BenchConverters.Rate.class,
            description =
                    "Begin so many operations per second, however fast the answers come, and count"
                            + " latency from when each ought to have begun. Default: begin one when"
                            + " another is answered.")
    private @Nullable Integer rate;

    @Option(
            names = "--keys",
            paramLabel = "N",
            defaultValue = "100000",
            converter = BenchConverters.Keys.class,
            description = "How many keys there are, up to 100 million. Default: 100000.")
    private int keys;

    @Option(
            names = "--contended-keys",
            paramLabel = "N",
            defaultValue = "16",
            converter = BenchConverters.ContendedKeys.class,
            description = "How many of them cas-contended has, up to 999999. Default: 16.")
    private int contendedKeys;

    @Option(
            names = "--runs",
            paramLabel = "N",
            defaultValue = "1",
            converter = BenchConverters.Runs.class,
            description =
                    "Run everything so many times, one round after the other, 1 to 100; the table"
                            + " then has medians. Default: 1.")
    private int runs;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "Write everything that was measured to this file.")
    private @Nullable Path json;

    @Option(
            names = "--plot",
            paramLabel = "FILE",
            description = "Draw throughput over time and latencies to this file, a PNG.")
    private @Nullable Path plot;

    @Override
    Executor executor() {
        return Runnable::run; // a hand-over to another thread would be measured too
    }

    @Override
    ExitCode run(FlareDb db, Output output) {
        WarmUp warmUp = load.warmUp();
        load.requireOnce("--workload", workloads.stream().map(BenchTable::name).toList());
        BenchFiles.check(spec, "--json", json);
        BenchFiles.check(spec, "--plot", plot);
        if (json != null && plot != null && BenchFiles.same(json, plot)) {
            throw new ParameterException(
                    spec.commandLine(), "--json and --plot are the same file: " + json);
        }
        for (int inFlight : load.inFlight()) {
            if (inFlight > keys) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--in-flight %d with %d keys: each needs a key of its own"
                                .formatted(inFlight, keys));
            }
        }
        db.raw().get(Bytes.utf8("bench-0000000000")); // says at once if nobody answers
        Target target = new FlareDbTarget(db);
        DataSet set = new DataSet(keys, contendedKeys, load.valueBytes(), SEED);
        Instant started = Instant.now();
        List<LoadResult> results = new ArrayList<>();
        try (var _ = EndOnSignal.ofThisThread()) {
            try {
                runAll(new LoadRunner(target, set), warmUp, results);
            } finally {
                // Also if the cluster fails in the middle: what was measured until then holds.
                if (!results.isEmpty()) {
                    report(
                            new Report(started, target.name(), Machine.here(), set, results),
                            output);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException(ExitCode.FAILED, "interrupted");
        }
        BenchProgress.requireSuccess(results);
        return ExitCode.DONE;
    }

    private void runAll(LoadRunner runner, WarmUp warmUp, List<LoadResult> results)
            throws InterruptedException {
        Terminal terminal = options.terminal();
        Progress progress = load.progress(terminal, "");
        int perSecond = rate == null ? 0 : rate;
        for (int i = 0; i < runs; i++) {
            for (Workload workload : workloads) {
                for (int inFlight : load.inFlight()) {
                    LoadOptions each =
                            new LoadOptions(workload, inFlight, perSecond, warmUp, load.duration());
                    LoadResult result = runner.run(each, progress);
                    BenchProgress.remark(terminal.err(), "", result);
                    results.add(result);
                }
            }
        }
    }

    /** The answer first: a file that cannot be written must not cost it, nor the other file. */
    private void report(Report report, Output output) {
        if (output.isJson()) {
            output.object(JsonReport.of(report));
        } else {
            BenchTable.of(report.summaries()).lines().forEach(output::line);
        }
        options.terminal().out().flush();
        List<String> lost = new ArrayList<>();
        write(json, file -> JsonReport.write(report, file), lost);
        write(plot, file -> PlotReport.write(report, file), lost);
        if (!lost.isEmpty()) {
            throw new CommandException(ExitCode.FAILED, String.join("; ", lost));
        }
        output.finish();
    }

    @FunctionalInterface
    private interface Writer {
        void write(Path file) throws IOException;
    }

    private static void write(@Nullable Path file, Writer writer, List<String> lost) {
        if (file != null) {
            try {
                writer.write(file);
            } catch (IOException e) {
                lost.add("cannot write " + file + ": " + e);
            }
        }
    }
}
