package io.flaredb.pd.tso;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Many threads, a clock that jumps about and a disk that stalls and fails, all at once. */
class TimestampOracleRaceTest {
    private static final long NOW = 1_800_000_000_000L;
    private static final int THREADS = 8;
    private static final int RUNS_PER_THREAD = 50_000;

    private record Run(long first, int count) {
        long end() {
            return first + count;
        }
    }

    @Test
    void noTimestampIsGivenOutTwiceNorBeforeItsBoundIsDurable() throws Exception {
        long seed = System.nanoTime();
        ManualClock clock = new ManualClock(NOW);
        FakeBoundStore store = new FakeBoundStore(0);
        List<Run> runs = new ArrayList<>();
        AtomicBoolean done = new AtomicBoolean();
        try (TimestampOracle oracle = TimestampOracle.start(store, clock, Duration.ofMillis(10));
                ExecutorService threads = Executors.newFixedThreadPool(THREADS + 1)) {
            Future<?> weather = threads.submit(() -> disturb(new Random(seed), clock, store, done));
            List<Callable<List<Run>>> tasks = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                Random random = new Random(seed + 1 + i);
                tasks.add(() -> allocateInOrder(random, oracle, store));
            }
            try {
                for (Future<List<Run>> result : threads.invokeAll(tasks)) {
                    runs.addAll(result.get());
                }
            } finally {
                done.set(true);
                weather.get(1, TimeUnit.MINUTES);
            }
        }
        assertThat(runs).as("seed %d", seed).hasSize(THREADS * RUNS_PER_THREAD);
        runs.sort(Comparator.comparingLong(Run::first));
        for (int i = 1; i < runs.size(); i++) {
            assertThat(runs.get(i).first())
                    .as("seed %d, run %d", seed, i)
                    .isGreaterThanOrEqualTo(runs.get(i - 1).end());
        }
    }

    private static List<Run> allocateInOrder(
            Random random, TimestampOracle oracle, FakeBoundStore store) {
        List<Run> runs = new ArrayList<>(RUNS_PER_THREAD);
        long end = 0;
        while (runs.size() < RUNS_PER_THREAD) {
            int count = 1 + random.nextInt(random.nextInt(100) == 0 ? 100_000 : 100);
            Run run;
            try {
                run = new Run(oracle.allocate(count), count);
            } catch (TimestampsUnavailableException e) {
                Thread.onSpinWait();
                continue;
            }
            if (run.first() < end || run.end() > store.durable()) {
                throw new AssertionError(
                        run + " after " + end + " with the bound at " + store.durable());
            }
            end = run.end();
            runs.add(run);
        }
        return runs;
    }

    private static void disturb(
            Random random, ManualClock clock, FakeBoundStore store, AtomicBoolean done) {
        while (!done.get()) {
            switch (random.nextInt(5)) {
                case 0 -> clock.set(NOW + random.nextInt(1_000_000) - 500_000);
                case 1 -> store.stall();
                case 2 -> store.fail("injected");
                default -> store.recover();
            }
            int writes = store.writes();
            // On to the next disturbance when this one had its effect, or soon.
            await().pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> done.get() || store.writes() > writes || random.nextInt(3) == 0);
        }
        store.recover();
    }
}
