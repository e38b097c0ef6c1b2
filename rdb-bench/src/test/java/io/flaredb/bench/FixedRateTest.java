package io.flaredb.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FixedRateTest {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final KeySpace KEYS = new KeySpace(new DataSet(100, 4, 8, 1));
    private static final LoadOptions OPTIONS =
            new LoadOptions(
                    Workload.PUT,
                    2,
                    1_000,
                    new WarmUp(Duration.ZERO, Duration.ZERO),
                    Duration.ofSeconds(1));

    private final HeldTarget target = new HeldTarget();
    private final Measurement measurement = new Measurement();

    @Test
    void aStallCountsForEachOperationThatWasDueMeanwhile() throws Exception {
        FixedRate loop = loop(2, 1_000);
        loop.start();
        long start = System.nanoTime();
        loop.measure(start + TimeUnit.MILLISECONDS.toNanos(400));
        // Two are under way; the others that are due wait, and are not left out.
        await().atMost(DEADLINE).until(() -> System.nanoTime() - start > 200_000_000);
        assertThat(target.begun()).isLessThanOrEqualTo(4); // two of the warm-up, perhaps
        target.release();
        loop.end();

        LoadResult result = result(loop);
        // However late the release was, all 400 (less what is begun ahead) are accounted for.
        assertThat(result.operations() + result.late() + result.notSent()).isBetween(300L, 400L);
        // The operations due in the first 100 ms alone, a quarter, waited 100 ms or more.
        assertThat(result.latencies().p90()).isGreaterThan(Duration.ofMillis(100));
    }

    @Test
    void whatIsNotSentByTheEndCountsWithWhatItHasWaited() throws Exception {
        FixedRate loop = loop(1, 1_000);
        loop.start();
        long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(200);
        loop.measure(endNanos);
        await().atMost(DEADLINE).until(() -> target.begun() == 1 && loop.isOver());
        CompletableFuture<Void> end = CompletableFuture.runAsync(() -> end(loop));
        assertThat(end).isNotDone(); // it waits for the operation that is under way
        target.release();
        end.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);

        LoadResult result = result(loop);
        assertThat(result.notSent()).isBetween(150L, 200L);
        assertThat(loop.notSentNanos().max().orElse(0)).isBetween(150_000_000L, 200_000_000L);
    }

    @Test
    void whatIsAnsweredAfterTheEndIsNoPartOfTheThroughput() throws Exception {
        FixedRate loop = loop(1, 1_000);
        loop.start();
        loop.measure(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(200));
        await().atMost(DEADLINE).until(() -> target.begun() == 1 && loop.isOver());
        Thread end = Thread.ofPlatform().start(() -> end(loop));
        await().atMost(DEADLINE).until(() -> end.getState() == Thread.State.WAITING);
        target.release();
        assertThat(end.join(DEADLINE)).isTrue();

        LoadResult result = result(loop);
        assertThat(result.operations()).isZero();
        assertThat(result.late()).isEqualTo(1);
        assertThat(result.latencies().max()).isGreaterThan(Duration.ofMillis(100));
    }

    @Test
    void refusesWhatTheTargetDoesNotSupport() {
        LoadRunner runner = new LoadRunner(target, new DataSet(100, 4, 8, 1));
        LoadOptions scan =
                new LoadOptions(Workload.SCAN, 1, 0, OPTIONS.warmUp(), OPTIONS.duration());

        assertThatThrownBy(() -> runner.run(scan, Progress.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("held does not support SCAN");
    }

    private static void end(FixedRate loop) {
        try {
            loop.end();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private LoadResult result(FixedRate loop) {
        return measurement.result(
                OPTIONS, Duration.ZERO, true, Duration.ofSeconds(1), loop.notSentNanos());
    }

    private FixedRate loop(int inFlight, int perSecond) {
        List<Slot> slots =
                IntStream.range(0, inFlight)
                        .mapToObj(i ->
                                new Slot(
                                        target,
                                        KEYS,
                                        Workload.PUT,
                                        i,
                                        inFlight,
                                        new SplittableRandom(i)))
                        .toList();
        return new FixedRate(slots, perSecond, measurement);
    }
}
