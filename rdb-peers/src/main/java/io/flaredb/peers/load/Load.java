package io.flaredb.peers.load;

import io.flaredb.bench.DataSet;
import io.flaredb.bench.LoadOptions;
import io.flaredb.bench.LoadResult;
import io.flaredb.bench.LoadRunner;
import io.flaredb.bench.Progress;
import io.flaredb.bench.Target;
import io.flaredb.bench.WarmUp;
import io.flaredb.bench.Workload;
import io.flaredb.bytes.Bytes;
import java.io.PrintStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** Puts the loads on one system, one after the other. */
public final class Load {
    private static final int CONTENDED_KEYS = 1;
    private static final Bytes PROBE = Bytes.utf8("probe");
    private static final long READY_NANOS = TimeUnit.SECONDS.toNanos(90);
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long PROBE_SECONDS = 5;

    private Load() {}

    /** Opens the way to a system, whose servers may still be starting. */
    @FunctionalInterface
    public interface Connector {
        /**
         * Connects.
         *
         * @param addresses as {@code host:port}
         * @throws Exception whatever is wrong: the process ends with it
         */
        Target connect(List<String> addresses) throws Exception;
    }

    /** What a client process does. */
    @FunctionalInterface
    public interface Task {
        /**
         * Does it.
         *
         * @throws Exception whatever is wrong: the process ends with it
         */
        void run() throws Exception;
    }

    /**
     * The whole of a client process: connects, waits until the system takes writes, runs the loads,
     * prints a line for each. Ends the process.
     */
    public static void main(String[] arguments, Connector connector) {
        endWith(() -> {
            LoadArguments load = LoadArguments.parse(List.of(arguments));
            try (Target target = connector.connect(load.addresses())) {
                awaitWrites(target);
                run(target, load, System.out);
            }
        });
    }

    /** Runs a task and ends the process, also where a client leaves threads behind. */
    public static void endWith(Task task) {
        int exitCode = 0;
        try {
            task.run();
        } catch (Exception e) {
            e.printStackTrace(System.err);
            exitCode = 1;
        }
        System.exit(exitCode);
    }

    /**
     * Runs the loads on a system that takes writes.
     *
     * @param out gets one {@link CellResult#toLine()} for each, once it is measured
     * @throws InterruptedException if the thread is; the loads end
     */
    public static void run(Target target, LoadArguments load, PrintStream out)
            throws InterruptedException {
        LoadRunner runner =
                new LoadRunner(
                        target,
                        new DataSet(load.keys(), CONTENDED_KEYS, load.valueBytes(), load.seed()));
        warmUp(runner, load);
        for (Cell cell : load.cells()) {
            LoadResult result = runner.run(options(cell, load), Progress.NONE);
            out.println(CellResult.of(cell, result).toLine());
            out.flush();
        }
    }

    /** Each workload with most operations in flight, which is how code gets hot soonest. */
    private static void warmUp(LoadRunner runner, LoadArguments load) throws InterruptedException {
        Map<Workload, Integer> most = new LinkedHashMap<>();
        load.cells().forEach(cell -> most.merge(cell.workload(), cell.inFlight(), Math::max));
        Duration each = load.warmUp().dividedBy(most.size());
        if (each.isZero()) {
            return;
        }
        WarmUp none = new WarmUp(Duration.ZERO, Duration.ZERO);
        for (Map.Entry<Workload, Integer> entry : most.entrySet()) {
            runner.run(
                    new LoadOptions(entry.getKey(), entry.getValue(), 0, none, each),
                    Progress.NONE);
        }
    }

    private static LoadOptions options(Cell cell, LoadArguments load) {
        return new LoadOptions(
                cell.workload(),
                cell.inFlight(),
                0,
                new WarmUp(load.settling(), load.settling()),
                load.duration());
    }

    private static void awaitWrites(Target target) throws InterruptedException, TimeoutException {
        long deadlineNanos = System.nanoTime() + READY_NANOS;
        while (true) {
            try {
                target.put(PROBE, PROBE).get(PROBE_SECONDS, TimeUnit.SECONDS);
                return;
            } catch (ExecutionException | TimeoutException | RuntimeException e) {
                if (System.nanoTime() - deadlineNanos >= 0) {
                    TimeoutException late =
                            new TimeoutException(target.name() + " takes no writes: " + e);
                    late.initCause(e);
                    throw late;
                }
                LockSupport.parkNanos(RETRY_NANOS);
            }
        }
    }
}
