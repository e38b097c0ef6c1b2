package io.flaredb.it.torture;

import io.flaredb.client.FlareDb;
import io.flaredb.it.torture.Recovery.NotRecoveredException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The command behind {@code scripts/torture.sh}. Exit codes: 0 all verdicts hold, 1 not, 2 the
 * options are wrong.
 */
public final class Torture {
    /** Some give up before an election is over, some after. */
    private static final List<Duration> TIMEOUTS =
            List.of(Duration.ofSeconds(5), Duration.ofSeconds(2), Duration.ofSeconds(10));

    private static final Duration BALLAST_TIMEOUT = Duration.ofSeconds(5);

    /** Below the report's folder: what each process told. */
    static final String LOGS = "logs";

    /** What a run writes into the report's folder, and what into that of the logs. */
    static final Pattern RESULT =
            Pattern.compile("report\\.md|availability\\.png|r\\d+-[cw]\\d+\\.history");

    private static final Pattern LOG = Pattern.compile("(pd|server-\\d+)\\.log");

    private static final int TIMESTAMP_CLIENTS = 3;
    private static final Duration SHORTEST_CHECK = Duration.ofMinutes(1);

    private Torture() {}

    /**
     * @param args see {@link TortureOptions#parse}
     */
    @SuppressWarnings("SystemOut") // it is a command
    public static void main(String[] args) throws Exception {
        TortureOptions options;
        try {
            options = TortureOptions.parse(List.of(args));
        } catch (IllegalArgumentException e) {
            System.err.println("torture: " + e.getMessage());
            System.exit(2);
            return;
        }
        Path folder = Files.createTempDirectory("flaredb-torture");
        TortureReport report;
        try {
            report = run(options, folder);
        } catch (Exception | Error e) {
            System.out.println("torture: data folders are kept in " + folder);
            throw e;
        }
        if (!report.isFine()) {
            System.out.println("torture: data folders are kept in " + folder);
        }
        System.out.println("torture: report in " + options.report());
        System.out.println(report.summary());
        if (report.isFine()) {
            try {
                delete(folder);
            } catch (IOException e) {
                System.err.println("torture: not all of " + folder + " could be deleted: " + e);
            }
        }
        System.exit(report.isFine() ? 0 : 1);
    }

    /**
     * One run; the report is written already.
     *
     * @param folder for data folders, empty
     */
    static TortureReport run(TortureOptions options, Path folder) throws Exception {
        Path logs = options.report().resolve(LOGS);
        Files.createDirectories(logs);
        deleteEarlier(options.report(), RESULT);
        deleteEarlier(logs, LOG);
        Problems problems = new Problems();
        try (TortureCluster cluster = new TortureCluster(options, folder)) {
            cluster.start();
            Tally tally = new Tally(options.regions());
            TimeLine timeLine = new TimeLine(tally);
            timeLine.say("seed=" + options.seed() + " options=" + options);
            Recovery recovery = new Recovery(cluster, problems, timeLine);
            recovery.awaitWhole();
            BooleanSupplier damage = () -> cluster.damaged().isPresent();
            Ballast ballast =
                    new Ballast(cluster.client(BALLAST_TIMEOUT), options, tally, problems, damage);
            Workload workload =
                    new Workload(options, clients(cluster, options), tally, problems, damage);
            TimestampLoad timestamps =
                    new TimestampLoad(timestampClients(cluster), options.seed(), tally, problems);
            FaultPlan plan = new FaultPlan(options.seed(), options.faults());
            Scheduler scheduler = new Scheduler(cluster, plan, recovery, tally, timeLine, problems);
            boolean isLost = false;
            try {
                scheduler.run(options.duration());
            } catch (NotRecoveredException e) {
                isLost = true;
                timeLine.say("given up: " + e.getMessage());
            } catch (Exception e) { // the verdicts on what was done so far are wanted all the same
                timeLine.say("faults ended early: " + e);
                problems.report(Problems.Kind.UNEXPECTED_ERROR, "faults ended early: " + e);
            }
            timestamps.end();
            workload.end();
            ballast.end();
            timeLine.say("load ended");
            if (!isLost) {
                try {
                    recovery.awaitWhole();
                } catch (NotRecoveredException e) {
                    timeLine.say("given up: " + e.getMessage());
                }
            }
            FlareDb reader = cluster.client(Duration.ofSeconds(20));
            workload.readAll(reader);
            ballast.readAll(reader);
            cluster.stop();
            Duration most = options.duration().dividedBy(2);
            Verdicts verdicts =
                    Verdicts.of(
                            workload,
                            most.compareTo(SHORTEST_CHECK) < 0 ? SHORTEST_CHECK : most,
                            problems,
                            options.report());
            timeLine.say("histories checked");
            TortureReport report =
                    new TortureReport(
                            options,
                            tally,
                            timeLine,
                            problems,
                            verdicts,
                            installations(options.report()));
            report.write();
            if (report.isFine()) {
                cluster.forgetData();
            }
            return report;
        }
    }

    /** What an earlier run has left; whatever else is in the folder is not ours. */
    static void deleteEarlier(Path folder, Pattern names) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                if (names.matcher(file.getFileName().toString()).matches()) {
                    Files.delete(file);
                }
            }
        }
    }

    /** As the servers tell. */
    private static long installations(Path report) throws IOException {
        long found = 0;
        try (Stream<Path> logs = Files.list(report.resolve(LOGS))) {
            for (Path log : logs.filter(Torture::isLog).toList()) {
                try (Stream<String> lines = Files.lines(log)) {
                    found += lines.filter(line -> line.contains("installed from")).count();
                }
            }
        }
        return found;
    }

    private static boolean isLog(Path file) {
        return LOG.matcher(file.getFileName().toString()).matches();
    }

    private static List<FlareDb> clients(TortureCluster cluster, TortureOptions options) {
        return IntStream.range(0, options.clients())
                .mapToObj(i -> cluster.client(TIMEOUTS.get(i % TIMEOUTS.size())))
                .toList();
    }

    private static List<FlareDb> timestampClients(TortureCluster cluster) {
        List<FlareDb> clients = new ArrayList<>();
        for (int i = 0; i < TIMESTAMP_CLIENTS; i++) {
            clients.add(cluster.client(Duration.ofSeconds(2)));
        }
        return clients;
    }

    private static void delete(Path folder) throws IOException {
        Files.walkFileTree(
                folder,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.delete(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path visited, @org.jspecify.annotations.Nullable IOException failure)
                            throws IOException {
                        Files.delete(visited);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}
