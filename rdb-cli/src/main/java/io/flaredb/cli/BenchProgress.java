package io.flaredb.cli;

import io.flaredb.bench.LoadOptions;
import io.flaredb.bench.LoadResult;
import io.flaredb.bench.Progress;
import io.flaredb.bench.Workload;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Tells people how a load goes on, with a line every two seconds. Of one thread. */
final class BenchProgress implements Progress {
    private static final long BETWEEN_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final PrintStream err;
    private long lastNanos = System.nanoTime();

    BenchProgress(PrintStream err) {
        this.err = err;
    }

    @Override
    public void preparing(Workload workload) {
        line(BenchTable.name(workload) + ": preparing");
    }

    @Override
    public void running(LoadOptions options, boolean measured, Duration since, double perSecond) {
        long now = System.nanoTime();
        if (now - lastNanos >= BETWEEN_NANOS) {
            lastNanos = now;
            line(
                    String.format(
                            Locale.ROOT,
                            "%s: %s for %.0f s, %.0f/s",
                            load(options),
                            measured ? "measured" : "warming up",
                            since.toNanos() / 1e9,
                            perSecond));
        }
    }

    private void line(String text) {
        err.print(text + '\n');
        err.flush();
    }

    /** What a reader of the table should know before he believes a figure. */
    static List<String> remarks(LoadResult result) {
        List<String> remarks = new ArrayList<>();
        if (!result.steady()) {
            remarks.add(
                    "%s: not known to be steady after %d s of warm-up"
                            .formatted(load(result.options()), result.warmedUp().toSeconds()));
        }
        if (result.firstFailure() != null) {
            remarks.add(
                    "%s: %d failed, the first with: %s"
                            .formatted(
                                    load(result.options()),
                                    result.failures(),
                                    result.firstFailure()));
        }
        return remarks;
    }

    private static String load(LoadOptions options) {
        return "%s, %d in flight"
                .formatted(BenchTable.name(options.workload()), options.inFlight());
    }
}
