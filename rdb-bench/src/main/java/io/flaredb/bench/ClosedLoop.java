package io.flaredb.bench;

import io.flaredb.bytes.Bytes;
import io.flaredb.client.AsyncCasKv;
import io.flaredb.client.AsyncRawKv;
import io.flaredb.client.CasResult;
import io.flaredb.client.FlareDb;
import io.flaredb.client.VersionedValue;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/** Runs one load in a closed loop. */
public final class ClosedLoop {
    private static final int PRELOAD_BATCH = 1_000;
    private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(10);

    private final LoadOptions options;
    private final AsyncRawKv raw;
    private final AsyncRawKv stale;
    private final AsyncCasKv cas;
    private final Bytes value;
    private final Recorder latencies = new Recorder(LONGEST_NANOS, 3);
    private final LongAdder failures = new LongAdder();
    private final CountDownLatch ended;
    private volatile boolean running = true;

    private ClosedLoop(FlareDb db, LoadOptions options) {
        this.options = options;
        this.raw = db.raw().async();
        this.stale = db.raw().stale().async();
        this.cas = db.cas().async();
        this.value = value(options);
        this.ended = new CountDownLatch(options.inFlight());
    }

    /**
     * Runs the load to its end. Keys that are read are written first.
     *
     * @throws io.flaredb.client.FlareDbException if that fails
     * @throws InterruptedException if the thread is; operations under way end by themselves
     */
    public static LoadResult run(FlareDb db, LoadOptions options) throws InterruptedException {
        if (options.workload() == Workload.GET || options.workload() == Workload.GET_STALE) {
            preload(db, options);
        }
        return new ClosedLoop(db, options).run();
    }

    private static void preload(FlareDb db, LoadOptions options) {
        Bytes value = value(options);
        Map<Bytes, Bytes> batch = new LinkedHashMap<>();
        for (int i = 0; i < options.keys(); i++) {
            batch.put(key(i), value);
            if (batch.size() == PRELOAD_BATCH || i == options.keys() - 1) {
                db.raw().batchPut(batch);
                batch.clear();
            }
        }
    }

    /** Does not compress, so that the disk has as much to do as the figures say. */
    private static Bytes value(LoadOptions options) {
        byte[] bytes = new byte[options.valueBytes()];
        new Random(options.seed()).nextBytes(bytes);
        return Bytes.wrap(bytes);
    }

    private LoadResult run() throws InterruptedException {
        SplittableRandom seeds = new SplittableRandom(options.seed());
        for (int i = 0; i < options.inFlight(); i++) {
            new Chain(i, seeds.split()).next();
        }
        try {
            pause(options.warmUp());
            latencies.reset();
            failures.reset();
            long startNanos = System.nanoTime();
            pause(options.duration());
            Histogram measured = latencies.getIntervalHistogram();
            Duration elapsed = Duration.ofNanos(System.nanoTime() - startNanos);
            return new LoadResult(
                    options,
                    measured.getTotalCount(),
                    failures.sum(),
                    elapsed,
                    Duration.ofNanos(measured.getValueAtPercentile(50)),
                    Duration.ofNanos(measured.getValueAtPercentile(99)),
                    Duration.ofNanos(measured.getMaxValue()));
        } finally {
            running = false;
            ended.await();
        }
    }

    /** Not ended by the chains, which go on while it lasts. */
    private void pause(Duration duration) throws InterruptedException {
        var unused = ended.await(duration.toNanos(), TimeUnit.NANOSECONDS);
    }

    private static Bytes key(int number) {
        return Bytes.utf8(String.format(Locale.ROOT, "bench%010d", number));
    }

    /** One operation after the other. Its callbacks come one at a time. */
    private final class Chain {
        private final int number;
        private final SplittableRandom random;
        private final long[] versions; // of this chain's keys; -1: not known

        Chain(int number, SplittableRandom random) {
            this.number = number;
            this.random = random;
            int own = (options.keys() - number + options.inFlight() - 1) / options.inFlight();
            this.versions = new long[options.workload() == Workload.CAS ? own : 0];
            Arrays.fill(versions, -1);
        }

        /** Loops where answers are there at once: recursion would have no end. */
        void next() {
            while (running) {
                long startNanos = System.nanoTime();
                CompletableFuture<?> operation = operation();
                if (!operation.isDone()) {
                    operation.whenComplete((answer, failure) -> {
                        record(startNanos, failure == null);
                        next();
                    });
                    return;
                }
                record(startNanos, !operation.isCompletedExceptionally());
            }
            ended.countDown();
        }

        private void record(long startNanos, boolean success) {
            if (success) {
                latencies.recordValue(Math.min(LONGEST_NANOS, System.nanoTime() - startNanos));
            } else {
                failures.increment();
            }
        }

        private CompletableFuture<?> operation() {
            return switch (options.workload()) {
                case PUT -> raw.put(anyKey(), value);
                case GET -> raw.get(anyKey());
                case GET_STALE -> stale.get(anyKey());
                case CAS -> swap(random.nextInt(versions.length));
            };
        }

        private Bytes anyKey() {
            return key(random.nextInt(options.keys()));
        }

        private CompletableFuture<?> swap(int own) {
            Bytes key = key(number + own * options.inFlight());
            if (versions[own] < 0) {
                return cas.get(key)
                        .thenAccept(found ->
                                versions[own] = found.map(VersionedValue::version).orElse(0L));
            }
            return cas.put(key, versions[own], value)
                    .whenComplete((result, failure) -> {
                        versions[own] =
                                result instanceof CasResult.Swapped(long version) ? version : -1;
                    });
        }
    }
}
