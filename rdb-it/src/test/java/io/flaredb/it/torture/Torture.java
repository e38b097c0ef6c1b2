package io.flaredb.it.torture;

import io.flaredb.client.FlareDb;
import io.flaredb.it.torture.Recovery.NotRecoveredException;
import io.flaredb.it.torture.TortureReport.Outcome;
import java.io.IOException;
import java.lang.System.Logger.Level;
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
 * options are wrong, 3 there is no verdict: the run could not be set up, or its end not be written
 * down, 4 nothing wrong was found but keys are undecided.
 */
public final class Torture {
    private static final int ALL_HOLD = 0;
    private static final int NOT_ALL_HOLD = 1;
    private static final int WRONG_OPTION = 2;
    static final int NO_VERDICT = 3;
    private static final int UNDECIDED = 4;

    /** Some give up before an election is over, some after. */
    private static final List<Duration> TIMEOUTS =
            List.of(Duration.ofSeconds(5), Duration.ofSeconds(2), Duration.ofSeconds(10));

    private static final Duration BALLAST_TIMEOUT = Duration.ofSeconds(5);

    /**
     * Before the load and after it, while no fault is at work: a busy machine may stand still for
     * many seconds, and what fails then tells nothing of FlareDB.
     */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

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
    public static void main(String[] args) throws IOException {
        System.exit(command(List.of(args)));
    }

    @SuppressWarnings("SystemOut") // it is a command
    private static int command(List<String> args) throws IOException {
        TortureOptions options;
        try {
            options = TortureOptions.parse(args);
        } catch (IllegalArgumentException e) {
            System.err.println("torture: " + e.getMessage());
            return WRONG_OPTION;
        }
        return run(options, Files.createTempDirectory("flaredb-torture"));
    }

    /**
     * One run and what there is to say about it.
     *
     * @param folder for data folders, empty; deleted if all verdicts hold
     * @return the exit code
     */
    @SuppressWarnings("SystemOut") // as above
    static int run(TortureOptions options, Path folder) {
        TortureReport report;
        try {
            report = torture(options, folder);
        } catch (Exception | Error e) {
            System.getLogger(Torture.class.getName()).log(Level.ERROR, "the run failed", e);
            System.out.println("torture: data folders are kept in " + folder);
            System.out.println("torture: no verdict: " + e);
            return NO_VERDICT;
        }
        boolean isFine = report.outcome() == Outcome.HOLDS;
        if (!isFine) {
            System.out.println("torture: data folders are kept in " + folder);
        }
        System.out.println("torture: report in " + options.report());
        System.out.println(report.summary());
        if (isFine) {
            try {
                delete(folder);
            } catch (IOException e) {
                System.err.println("torture: not all of " + folder + " could be deleted: " + e);
            }
        }
        return switch (report.outcome()) {
            case HOLDS -> ALL_HOLD;
            case BROKEN -> NOT_ALL_HOLD;
            case UNDECIDED -> UNDECIDED;
        };
    }

    /**
     * One run; the report is written already.
     *
     * @param folder for data folders, empty
     */
    private static TortureReport torture(TortureOptions options, Path folder) throws Exception {
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
            FlareDb patient = cluster.client(PATIENCE);
            Ballast.write(patient, options.regions());
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
            workload.readAll(patient);
            ballast.readAll(patient);
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
            if (report.outcome() == Outcome.HOLDS) {
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
