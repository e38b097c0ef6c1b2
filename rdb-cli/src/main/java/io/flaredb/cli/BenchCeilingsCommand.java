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
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Executor;
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
                        + " around them; with --cluster also the cluster, as a share of each.")
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
        Progress progress = load.progress(options.terminal());
        try {
            List<Measured> ceilings =
                    Ceilings.measure(dir, set, load.inFlight(), warmUp, load.duration(), progress);
            List<LoadResult> ours =
                    cluster ? measure(new LoadRunner(new FlareDbTarget(db), set)) : List.of();
            if (output.isJson()) {
                json(ceilings, ours, output);
            } else {
                table(ceilings, ours).lines().forEach(output::line);
            }
        } catch (IOException e) {
            throw new CommandException(ExitCode.FAILED, "cannot measure in " + dir + ": " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException(ExitCode.FAILED, "interrupted");
        }
        return ExitCode.DONE;
    }

    private List<LoadResult> measure(LoadRunner runner) throws InterruptedException {
        Set<Workload> workloads = EnumSet.noneOf(Workload.class);
        for (Ceiling ceiling : Ceiling.values()) {
            workloads.addAll(ceiling.bounds());
        }
        Progress progress = load.progress(options.terminal());
        List<LoadResult> results = new ArrayList<>();
        for (Workload workload : workloads) {
            for (int inFlight : load.inFlight()) {
                results.add(
                        runner.run(
                                new LoadOptions(
                                        workload, inFlight, 0, load.warmUp(), load.duration()),
                                progress));
            }
        }
        return results;
    }

    /** What of {@code ours} a ceiling is compared with. */
    private static List<LoadResult> under(Measured ceiling, List<LoadResult> ours) {
        return ours.stream()
                .filter(each ->
                        ceiling.ceiling().bounds().contains(each.options().workload())
                                && each.options().inFlight()
                                        == ceiling.result().options().inFlight())
                .toList();
    }

    private static Table table(List<Measured> ceilings, List<LoadResult> ours) {
        Table table =
                new Table("CEILING", "IN FLIGHT", "PER SECOND", "P50 MS", "P99 MS", "FLAREDB");
        for (Measured each : ceilings) {
            LoadResult result = each.result();
            List<String> shares =
                    under(each, ours).stream()
                            .map(our ->
                                    String.format(
                                            Locale.ROOT,
                                            "%s %s (%.0f%%)",
                                            BenchTable.name(our.options().workload()),
                                            BenchTable.whole(our.perSecond()),
                                            100 * our.perSecond() / result.perSecond()))
                            .toList();
            table.add(
                    List.of(
                            each.ceiling().title(),
                            Integer.toString(result.options().inFlight()),
                            BenchTable.whole(result.perSecond()),
                            BenchTable.millis(result.latencies().p50()),
                            BenchTable.millis(result.latencies().p99()),
                            String.join(", ", shares)));
        }
        return table;
    }

    private static void json(List<Measured> ceilings, List<LoadResult> ours, Output output) {
        JsonArray array = new JsonArray();
        for (Measured each : ceilings) {
            LoadResult result = each.result();
            JsonObject json = new JsonObject();
            json.addProperty("ceiling", each.ceiling().name().toLowerCase(Locale.ROOT));
            json.addProperty("in_flight", result.options().inFlight());
            json.addProperty("per_second", result.perSecond());
            json.addProperty("p50_us", result.latencies().p50().toNanos() / 1e3);
            json.addProperty("p99_us", result.latencies().p99().toNanos() / 1e3);
            JsonArray shares = new JsonArray();
            for (LoadResult our : under(each, ours)) {
                JsonObject share = new JsonObject();
                share.addProperty("workload", BenchTable.name(our.options().workload()));
                share.addProperty("per_second", our.perSecond());
                share.addProperty("share", our.perSecond() / result.perSecond());
                shares.add(share);
            }
            json.add("flaredb", shares);
            array.add(json);
        }
        JsonObject answer = new JsonObject();
        answer.add("ceilings", array);
        output.object(answer);
    }
}
