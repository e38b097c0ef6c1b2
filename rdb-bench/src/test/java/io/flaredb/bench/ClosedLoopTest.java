package io.flaredb.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ClosedLoopTest {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final int IN_FLIGHT = 3;
    private static final KeySpace KEYS = new KeySpace(new DataSet(100, 4, 8, 1));
    private static final LoadOptions OPTIONS =
            new LoadOptions(
                    Workload.PUT,
                    IN_FLIGHT,
                    0,
                    new WarmUp(Duration.ZERO, Duration.ZERO),
                    Duration.ofSeconds(1));

    private final HeldTarget target = new HeldTarget();
    private final Measurement measurement = new Measurement();
    private final ClosedLoop loop =
            new ClosedLoop(
                    IntStream.range(0, IN_FLIGHT)
                            .mapToObj(i ->
                                    new Slot(
                                            target,
                                            KEYS,
                                            Workload.PUT,
                                            i,
                                            IN_FLIGHT,
                                            new SplittableRandom(i)))
                            .toList(),
                    measurement);

    @Test
    void anOutageThatLastsUntilTheEndIsCounted() throws Exception {
        LoadResult result = resultOfWhatEndsLate(target::fail);

        assertThat(result.failures()).isEqualTo(IN_FLIGHT);
        assertThat(result.firstFailure()).contains("an outage");
        assertThat(result.operations()).isZero();
    }

    @Test
    void aLateAnswerIsPartOfTheLatenciesAndNotOfTheThroughput() throws Exception {
        LoadResult result = resultOfWhatEndsLate(target::release);

        assertThat(result.operations()).isZero();
        assertThat(result.late()).isEqualTo(IN_FLIGHT);
        assertThat(result.latencies().max()).isPositive();
    }

    /** All operations are under way when the loop is told to end. */
    private LoadResult resultOfWhatEndsLate(Runnable lateEnd) throws Exception {
        loop.start();
        await().atMost(DEADLINE).until(() -> target.begun() == IN_FLIGHT);
        loop.measure(System.nanoTime());
        CompletableFuture<Void> end = CompletableFuture.runAsync(this::end);
        await().atMost(DEADLINE).until(loop::isOver);
        lateEnd.run();
        end.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);

        assertThat(target.begun()).isEqualTo(IN_FLIGHT);
        return measurement.result(
                OPTIONS, Duration.ZERO, true, Duration.ofSeconds(1), loop.notSentNanos());
    }

    private void end() {
        try {
            loop.end();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
