package io.flaredb.cli;

import io.flaredb.bench.LoadOptions;
import io.flaredb.bench.LoadResult;
import io.flaredb.bench.Progress;
import io.flaredb.bench.Workload;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Tells people how a load goes on, with a line every two seconds. Of one thread. */
final class BenchProgress implements Progress {
    private static final long BETWEEN_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final PrintStream err;
    private final String on;
    private long lastNanos = System.nanoTime();

    /**
     * @param on what the loads run on, see {@link #remark}
     */
    BenchProgress(PrintStream err, String on) {
        this.err = err;
        this.on = on;
    }

    @Override
    public void preparing(Workload workload) {
        line(on + BenchTable.name(workload) + ": preparing");
    }

    @Override
    public void prepared(Workload workload, int keys, int of) {
        if (isDue()) {
            line(
                    "%s%s: preparing, %d of %d keys"
                            .formatted(on, BenchTable.name(workload), keys, of));
        }
    }

    @Override
    public void running(LoadOptions options, boolean measured, Duration since, double perSecond) {
        if (isDue()) {
            line(
                    String.format(
                            Locale.ROOT,
                            "%s: %s for %.0f s, %.0f/s",
                            load(on, options),
                            measured ? "measured" : "warming up",
                            since.toNanos() / 1e9,
                            perSecond));
        }
    }

    private boolean isDue() {
        long now = System.nanoTime();
        if (now - lastNanos < BETWEEN_NANOS) {
            return false;
        }
        lastNanos = now;
        return true;
    }

    private void line(String text) {
        err.print(text + '\n');
        err.flush();
    }

    /**
     * Says on stderr what a reader of the table should know before he believes a figure.
     *
     * @param on goes before the workload's name: empty for the cluster
     */
    static void remark(PrintStream err, String on, LoadResult result) {
        String load = load(on, result.options());
        if (!result.steady()) {
            Failures.line(
                    err,
                    "%s: not known to be steady after %d s of warm-up"
                            .formatted(load, result.warmedUp().toSeconds()));
        }
        if (result.firstFailure() != null) {
            Failures.line(
                    err,
                    "%s: %d failed, the first with: %s"
                            .formatted(load, result.failures(), result.firstFailure()));
        }
        if (result.operations() == 0) {
            Failures.line(err, load + ": no operation succeeded");
        }
    }

    private static String load(String on, LoadOptions options) {
        return "%s%s, %d in flight"
                .formatted(on, BenchTable.name(options.workload()), options.inFlight());
    }

    /**
     * Ends the command with 1 if what was measured is not worth much.
     *
     * @throws CommandException if operations of a load failed, or none of one succeeded
     */
    static void requireSuccess(List<LoadResult> results) {
        long bad =
                results.stream()
                        .filter(each -> each.failures() > 0 || each.operations() == 0)
                        .count();
        if (bad > 0) {
            throw new CommandException(
                    ExitCode.FAILED,
                    "of %d loads, %d had operations that failed, or none that succeeded"
                            .formatted(results.size(), bad));
        }
    }
}
