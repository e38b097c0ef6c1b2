package io.flaredb.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Runs loads on one target, one after the other. Not thread-safe; the target is the caller's to
 * close.
 */
public final class LoadRunner {
    private static final Duration WINDOW = Duration.ofMillis(250);
    private static final int LEAST_WINDOWS = 4;

    /** Windows of 250 ms: two spans of three seconds are compared. */
    private static final int STEADY_SPAN = 12;

    private final Target target;
    private final DataSet set;
    private final KeySpace space;
    private final Preparation preparation;

    /**
     * @param set the keys and values of all loads; what they need is written once
     */
    public LoadRunner(Target target, DataSet set) {
        this.target = target;
        this.set = set;
        this.space = new KeySpace(set);
        this.preparation = new Preparation(target, space, set);
    }

    /**
     * Runs a load to its end: writes the keys that it needs, warms up, measures, and waits for the
     * operations that are still under way. Operations that fail are counted and do not end it.
     *
     * @throws IllegalArgumentException if the target does not support the workload, or it has more
     *     operations in flight than versioned keys, each of which needs one of its own
     * @throws RuntimeException what the target failed with, if the keys cannot be written
     * @throws InterruptedException if the thread is; operations under way end by themselves
     */
    public LoadResult run(LoadOptions options, Progress progress) throws InterruptedException {
        Workload workload = options.workload();
        if (!target.supports(workload)) {
            throw new IllegalArgumentException(target.name() + " does not support " + workload);
        }
        if (options.inFlight() > set.keys()) {
            throw new IllegalArgumentException(
                    "in-flight is %d with %d keys: allowed are 1 to the number of keys"
                            .formatted(options.inFlight(), set.keys()));
        }
        progress.preparing(workload);
        preparation.prepare(workload, progress);
        Measurement measurement = new Measurement();
        Loop loop = loop(options, measurement);
        loop.start();
        try {
            return run(options, loop, measurement, progress);
        } finally {
            loop.end();
        }
    }

    private Loop loop(LoadOptions options, Measurement measurement) {
        SplittableRandom seeds = new SplittableRandom(set.seed());
        List<Slot> slots = new ArrayList<>();
        for (int i = 0; i < options.inFlight(); i++) {
            slots.add(
                    new Slot(
                            target,
                            space,
                            options.workload(),
                            i,
                            options.inFlight(),
                            seeds.split()));
        }
        return options.isFixedRate()
                ? new FixedRate(slots, options.perSecond(), measurement)
                : new ClosedLoop(slots, measurement);
    }

    private static LoadResult run(
            LoadOptions options, Loop loop, Measurement measurement, Progress progress)
            throws InterruptedException {
        SteadyDetector steady = new SteadyDetector(STEADY_SPAN);
        Duration warmedUp = warmUp(options, measurement, steady, progress);
        long startNanos = System.nanoTime();
        long endNanos = startNanos + options.duration().toNanos();
        loop.measure(endNanos);
        long windowNanos = Math.min(WINDOW.toNanos(), options.duration().toNanos() / LEAST_WINDOWS);
        for (long now = startNanos; now < endNanos; now = System.nanoTime()) {
            Waiting.until(
                    startNanos + windowEnd(now - startNanos, windowNanos, endNanos - startNanos));
            Window window = measurement.endWindow(System.nanoTime());
            progress.running(options, true, window.end(), window.perSecond());
        }
        Duration elapsed = Duration.ofNanos(System.nanoTime() - startNanos);
        loop.end();
        return measurement.result(
                options, warmedUp, steady.isSteady(), elapsed, loop.notSentNanos());
    }

    /**
     * When the window ends that begins now. Windows end at multiples of their length, however late
     * the one before was; the last one has what is left.
     *
     * @param passedNanos since the load began to be measured
     */
    static long windowEnd(long passedNanos, long windowNanos, long measuredNanos) {
        long end = (passedNanos / windowNanos + 1) * windowNanos;
        return end + windowNanos > measuredNanos ? measuredNanos : end;
    }

    private static Duration warmUp(
            LoadOptions options, Measurement measurement, SteadyDetector steady, Progress progress)
            throws InterruptedException {
        long startNanos = System.nanoTime();
        long leastNanos = options.warmUp().atLeast().toNanos();
        long mostNanos = options.warmUp().atMost().toNanos();
        measurement.begin(startNanos);
        long passedNanos = 0;
        while (passedNanos < leastNanos || (passedNanos < mostNanos && !steady.isSteady())) {
            long left = mostNanos - passedNanos;
            Waiting.until(startNanos + passedNanos + Math.min(WINDOW.toNanos(), left));
            Window window = measurement.endWindow(System.nanoTime());
            steady.add(window.perSecond());
            passedNanos = System.nanoTime() - startNanos;
            progress.running(options, false, Duration.ofNanos(passedNanos), window.perSecond());
        }
        return Duration.ofNanos(passedNanos);
    }
}
