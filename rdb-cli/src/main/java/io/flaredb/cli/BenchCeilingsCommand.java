package io.flaredb.cli;

import io.flaredb.bench.DataSet;
import io.flaredb.bench.FlareDbTarget;
import io.flaredb.bench.LoadOptions;
import io.flaredb.bench.LoadResult;
import io.flaredb.bench.LoadRunner;
import io.flaredb.bench.Progress;
import io.flaredb.bench.WarmUp;
import io.flaredb.bench.Workload;
import io.flaredb.bench.ceiling.Ceiling;
import io.flaredb.bench.ceiling.Ceilings;
import io.flaredb.bench.ceiling.Ceilings.Measured;
import io.flaredb.bytes.Bytes;
import io.flaredb.client.FlareDb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code flaredb bench ceilings}. */
@Command(
        name = "ceilings",
        description =
                "Measure what this machine's disk, RocksDB and gRPC can do with nothing of FlareDB"
                        + " around them; with --cluster also the cluster, as a share of each. Exits"
                        + " with 1 if an operation failed, or none of a load succeeded.")
final class BenchCeilingsCommand extends ClientCommand {
    private static final int CONTENDED_KEYS = 16;
    private static final int KEYS = 10_000; // few, so that they are soon written

    @Spec private CommandSpec spec;

    @Mixin private BenchLoadOptions load;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            defaultValue = ".",
            description =
                    "Where to make a folder to write to, which is deleted again: on the disk that"
                            + " the servers use. Default: here.")
    private Path dir;

    @Option(
            names = "--cluster",
            description = "Measure the cluster in the same way, after the ceilings.")
    private boolean cluster;

    @Override
    Executor executor() {
        return Runnable::run; // as bench run does
    }

    @Override
    ExitCode run(FlareDb db, Output output) {
        WarmUp warmUp = load.warmUp();
        if (!Files.isDirectory(dir)) {
            throw new ParameterException(
                    spec.commandLine(), "--dir: there is no folder " + dir.toAbsolutePath());
        }
        int mostInFlight = load.inFlight().stream().mapToInt(each -> each).max().orElse(1);
        DataSet set =
                new DataSet(Math.max(KEYS, mostInFlight), CONTENDED_KEYS, load.valueBytes(), 1);
        if (cluster) {
            db.raw().get(Bytes.utf8("bench-0000000000")); // says at once if nobody answers
        }
        List<Measured> ceilings = new ArrayList<>();
        List<LoadResult> ours = new ArrayList<>();
        try (var _ = EndOnSignal.ofThisThread()) {
            try {
                measure(db, set, warmUp, ceilings, ours);
            } finally {
                // Also if something fails in the middle: what was measured until then holds.
                report(new BenchCeilingsReport(ceilings, ours), output);
            }
        } catch (IOException e) {
            throw new CommandException(ExitCode.FAILED, "cannot measure in " + dir + ": " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException(ExitCode.FAILED, "interrupted");
        }
        BenchProgress.requireSuccess(
                Stream.concat(ceilings.stream().map(Measured::result), ours.stream()).toList());
        return ExitCode.DONE;
    }

    private void measure(
            FlareDb db, DataSet set, WarmUp warmUp, List<Measured> ceilings, List<LoadResult> ours)
            throws IOException, InterruptedException {
        Terminal terminal = options.terminal();
        Ceilings.measure(
                dir,
                set,
                load.inFlight(),
                warmUp,
                load.duration(),
                new Ceilings.Listener() {
                    @Override
                    public Progress progress(Ceiling ceiling) {
                        return load.progress(terminal, on(ceiling));
                    }

                    @Override
                    public void measured(Measured each) {
                        BenchProgress.remark(terminal.err(), on(each.ceiling()), each.result());
                        ceilings.add(each);
                    }

                    private static String on(Ceiling ceiling) {
                        return ceiling.title() + ": ";
                    }
                });
        if (!cluster) {
            return;
        }
        Set<Workload> workloads = EnumSet.noneOf(Workload.class);
        for (Ceiling ceiling : Ceiling.values()) {
            workloads.addAll(ceiling.bounds());
        }
        LoadRunner runner = new LoadRunner(new FlareDbTarget(db), set);
        Progress progress = load.progress(terminal, "");
        for (Workload workload : workloads) {
            for (int inFlight : load.inFlight()) {
                LoadOptions each = new LoadOptions(workload, inFlight, 0, warmUp, load.duration());
                LoadResult result = runner.run(each, progress);
                BenchProgress.remark(terminal.err(), "", result);
                ours.add(result);
            }
        }
    }

    private static void report(BenchCeilingsReport report, Output output) {
        if (report.ceilings().isEmpty()) {
            return;
        }
        if (output.isJson()) {
            output.object(report.json());
        } else {
            report.table().lines().forEach(output::line);
        }
        output.finish();
    }
}
