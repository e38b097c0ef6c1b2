package io.flaredb.peers;

import io.flaredb.bench.Workload;
import io.flaredb.peers.report.JsonReport;
import io.flaredb.peers.report.Report;
import io.flaredb.peers.system.Installation;
import io.flaredb.peers.system.PeerSystem;
import io.flaredb.peers.system.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures FlareDB and its peers in turn; {@code scripts/bench-peers.sh} starts it. */
@Command(
        name = "scripts/bench-peers.sh",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpAutoWidth = true,
        description =
                "Measures FlareDB and its peers on this machine, one after the other, again and"
                        + " again.")
final class BenchPeers implements Callable<Integer> {
    private static final String ALL = "flaredb,etcd,zookeeper,redis,redis-merged,rheakv,bare-raft";

    private static final long PATIENCE_SECONDS = 30;

    @Spec private CommandSpec spec;

    @Option(names = "--rounds", description = "Turns of each system. Default: 5.")
    private int rounds = 5;

    @Option(names = "--seconds", description = "How long each load is measured. Default: 20.")
    private double seconds = 20;

    @Option(
            names = "--warm-up",
            description = "Seconds of load before the first is measured. Default: 20.")
    private double warmUp = 20;

    @Option(
            names = "--settle",
            description = "Seconds that each load runs before it is measured. Default: 2.")
    private double settle = 2;

    @Option(
            names = "--in-flight",
            split = ",",
            defaultValue = "1,64,256",
            description = "Operations under way at any time. Default: 1,64,256.")
    private List<Integer> inFlight = new ArrayList<>();

    @Option(names = "--nodes", description = "Servers of each system. Default: 1.")
    private int nodes = 1;

    @Option(
            names = "--workloads",
            split = ",",
            defaultValue = "get,put,cas",
            description = "put, get, cas, in the order given. Default: get,put,cas.")
    private List<Workload> workloads = new ArrayList<>();

    @Option(
            names = "--peers",
            split = ",",
            defaultValue = ALL,
            description = "Which systems, in their order in odd rounds. Default: " + ALL + ".")
    private List<String> peers = new ArrayList<>();

    @Option(names = "--value-size", description = "Bytes of each value. Default: 128.")
    private int valueSize = 128;

    @Option(names = "--keys", description = "Raw keys, and versioned ones. Default: 100000.")
    private int keys = 100_000;

    @Option(
            names = "--report",
            description = "Folder for the report and all logs. Default: a new one in the present.")
    private @Nullable Path report;

    @Option(
            names = "--data",
            description = "Folder on the disk to use. Default: that for temporary files.")
    private Path data = Path.of(System.getProperty("java.io.tmpdir"));

    @Option(
            names = "--quick",
            description = "Only shows that everything works: one short round with few keys.")
    private boolean quick;

    @Option(names = "--root", required = true, hidden = true)
    private Path root;

    @Option(names = "--etcd", hidden = true)
    private @Nullable Path etcd;

    @Option(names = "--redis", hidden = true)
    private @Nullable Path redis;

    public static void main(String[] arguments) {
        System.exit(execute(arguments));
    }

    /** The exit code: 2 for a wrong command line, 1 for any other failure. */
    static int execute(String... arguments) {
        return new CommandLine(new BenchPeers())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((failure, line, parsed) -> {
                    if (failure instanceof IOException) { // a full disk, a folder that is another's
                        System.err.println("bench-peers: " + failure);
                        return line.getCommandSpec().exitCodeOnExecutionException();
                    }
                    throw failure;
                })
                .execute(arguments);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        try {
            return measure();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private int measure() throws IOException, InterruptedException {
        Plan plan = quick ? quickPlan() : plan();
        if (!Files.isDirectory(data)) {
            throw new IllegalArgumentException("--data " + data + ": there is no such folder");
        }
        Map<String, String> missing = new LinkedHashMap<>();
        List<PeerSystem> systems = systems(plan, missing);
        if (systems.isEmpty()) {
            System.err.println("bench-peers: nothing to measure");
            return 1;
        }
        Path temporary = Files.createTempDirectory(data.toAbsolutePath(), "flaredb-bench-peers");
        CountDownLatch over = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(over)));
        try {
            List<String> about = Circumstances.of(plan, systems, temporary);
            Path folder =
                    Files.createDirectories(
                                    report == null
                                            ? Path.of("bench-peers-" + System.currentTimeMillis())
                                            : report)
                            .toAbsolutePath();
            return run(plan, systems, new Report(about, missing), folder, temporary);
        } finally {
            try {
                Turn.delete(temporary);
            } finally {
                over.countDown();
            }
        }
    }

    private Plan plan() {
        return new Plan(
                rounds,
                duration(warmUp),
                duration(settle),
                duration(seconds),
                nodes,
                workloads,
                inFlight,
                valueSize,
                keys);
    }

    private Plan quickPlan() {
        return new Plan(
                1,
                duration(1.5),
                duration(0.2),
                duration(1),
                nodes,
                workloads,
                List.of(64),
                valueSize,
                Math.min(keys, 1_000));
    }

    private static Duration duration(double seconds) {
        return Duration.ofMillis(Math.round(seconds * 1_000));
    }

    private static int run(
            Plan plan, List<PeerSystem> systems, Report text, Path folder, Path temporary)
            throws IOException, InterruptedException {
        Path logs = Files.createDirectories(folder.resolve("logs"));
        for (int round = 1; round <= plan.rounds(); round++) {
            for (PeerSystem system : systems) {
                if (Processes.isEnding()) {
                    return 1;
                }
                System.out.printf("round %d of %d: %s%n", round, plan.rounds(), system.name());
                Path data = temporary.resolve(round + "-" + system.name());
                try {
                    new Turn(system, round, plan, logs, data).run(text.samples());
                } catch (IllegalStateException | IOException e) {
                    String what =
                            e instanceof IOException
                                    ? e.toString()
                                    : String.valueOf(e.getMessage());
                    System.err.println(what);
                    text.failed(
                            "round %d, %s: %s"
                                    .formatted(
                                            round,
                                            system.name(),
                                            what.lines().findFirst().orElse("")));
                }
                Files.writeString(folder.resolve("report.md"), text.markdown());
                Files.writeString(folder.resolve("report.json"), JsonReport.of(text));
            }
            Collections.reverse(systems); // so that no system always follows the same one
        }
        System.out.println();
        System.out.print(text.markdown());
        System.out.println("report: " + folder);
        text.failures().forEach(each -> System.err.println("FAILED: " + each + "; see " + logs));
        return text.failures().isEmpty() ? 0 : 1;
    }

    /** In the order asked for. */
    private List<PeerSystem> systems(Plan plan, Map<String, String> missing) {
        Map<String, PeerSystem> known = new LinkedHashMap<>();
        new Installation(root, etcd, redis)
                .systems()
                .forEach(system -> known.put(system.name(), system));
        if (Set.copyOf(peers).size() < peers.size()) {
            throw new IllegalArgumentException("--peers: each once");
        }
        List<PeerSystem> systems = new ArrayList<>();
        for (String name : peers) {
            PeerSystem system = known.get(name);
            if (system == null) {
                throw new IllegalArgumentException(
                        "--peers " + name + ": known are " + known.keySet());
            }
            Optional<String> why =
                    plan.cells(system).isEmpty()
                            ? Optional.of("takes none of these loads")
                            : system.unavailable(plan.nodes());
            if (why.isPresent()) {
                System.out.println("skipped " + name + ": " + why.get());
                missing.put(name, why.get());
            } else {
                systems.add(system);
            }
        }
        return systems;
    }

    /**
     * However the program ends, other than by kill -9: nothing of it runs on, or is left. A turn
     * without its processes fails, and what measures then ends by itself and deletes the data.
     */
    private static void end(CountDownLatch over) {
        Processes.endAll();
        try {
            if (!over.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("bench-peers: does not end, and may leave data behind");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
