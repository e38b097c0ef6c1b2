package io.flaredb.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.LongStream;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;

/**
 * Counts answers. Any thread records; one thread, the load's, does the rest.
 *
 * <p>An answer that comes after {@link #end()} was not given in the time that throughput is divided
 * by: it is part of the latencies, so that the slowest operations are not left out, and no more. A
 * failure always counts: an outage at the end shows only after it.
 */
final class Measurement {
    private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(10);
    private static final int DIGITS = 3;

    private final Recorder latencies = new Recorder(LONGEST_NANOS, DIGITS);
    private final LongAdder conflicts = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder late = new LongAdder();
    private final AtomicReference<@Nullable String> firstFailure = new AtomicReference<>();
    private final Histogram total = new Histogram(LONGEST_NANOS, DIGITS);
    private final List<Window> windows = new ArrayList<>();
    private volatile boolean ended;
    private @Nullable Histogram recycled;
    private long startNanos;
    private long windowStartNanos;
    private long windowConflicts;

    /**
     * @param startNanos when the operation began, or ought to have
     * @param answer null: it failed
     */
    void record(long startNanos, @Nullable Answer answer, @Nullable Throwable failure) {
        if (answer == Answer.DONE || answer == Answer.CONFLICT) {
            if (ended) {
                late.increment();
            } else if (answer == Answer.CONFLICT) {
                conflicts.increment();
            }
            recordLatency(System.nanoTime() - startNanos);
        } else {
            failures.increment();
            if (firstFailure.get() == null) {
                firstFailure.compareAndSet(null, text(failure));
            }
        }
    }

    private static String text(@Nullable Throwable failure) {
        return failure == null
                ? "a key that was written before was not there"
                : Preparation.causeOf(failure).toString();
    }

    private void recordLatency(long nanos) {
        latencies.recordValue(Math.clamp(nanos, 0, LONGEST_NANOS));
    }

    /** Forgets all that was recorded and begins to measure at {@code nowNanos}. */
    void begin(long nowNanos) {
        latencies.reset();
        conflicts.reset();
        failures.reset();
        firstFailure.set(null);
        total.reset();
        windows.clear();
        windowConflicts = 0;
        startNanos = nowNanos;
        windowStartNanos = nowNanos;
    }

    /** What is answered from now on is late. */
    void end() {
        ended = true;
    }

    /** Ends the present window. */
    Window endWindow(long nowNanos) {
        Histogram nanos = takeLatencies();
        long met = conflicts.sum();
        Window window =
                new Window(
                        Duration.ofNanos(nowNanos - startNanos),
                        Duration.ofNanos(Math.max(1, nowNanos - windowStartNanos)),
                        nanos.getTotalCount() - (met - windowConflicts),
                        Duration.ofNanos(nanos.getValueAtPercentile(99)));
        windowStartNanos = nowNanos;
        windowConflicts = met;
        windows.add(window);
        return window;
    }

    private Histogram takeLatencies() {
        Histogram nanos = latencies.getIntervalHistogram(recycled);
        recycled = nanos;
        total.add(nanos);
        return nanos;
    }

    /**
     * What was measured, once all operations are answered; also what was behind the last window.
     *
     * @param elapsed how long it was measured
     * @param notSentNanos how long each operation had waited that was not even sent
     */
    LoadResult result(
            LoadOptions options,
            Duration warmedUp,
            boolean steady,
            Duration elapsed,
            LongStream notSentNanos) {
        takeLatencies();
        long met = conflicts.sum();
        long answered = total.getTotalCount();
        notSentNanos.forEach(nanos -> total.recordValue(Math.clamp(nanos, 0, LONGEST_NANOS)));
        return new LoadResult(
                options,
                warmedUp,
                steady,
                answered - late.sum() - met,
                met,
                failures.sum(),
                late.sum(),
                total.getTotalCount() - answered,
                firstFailure.get(),
                elapsed,
                Latencies.of(total),
                windows);
    }
}
