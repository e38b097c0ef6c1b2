package io.flaredb.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import io.flaredb.client.FlareDb;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(120)
class LoadRunnerTest {
    private static final DataSet SET = new DataSet(100, 4, 16, 1);
    private static final WarmUp SHORT = new WarmUp(Duration.ofMillis(50), Duration.ofMillis(100));

    @TempDir Path dataDir;

    @ParameterizedTest
    @EnumSource(Workload.class)
    void countsWhatWasAnswered(Workload workload) throws Exception {
        LoadResult result = run(closedLoop(workload, 4));

        assertThat(result.firstFailure()).isNull();
        assertThat(result.failures()).isZero();
        assertThat(result.notSent()).isZero();
        assertThat(result.operations()).isPositive();
        assertThat(result.perSecond()).isPositive();
        assertThat(result.latencies().p50()).isLessThanOrEqualTo(result.latencies().p99());
        assertThat(result.latencies().p99()).isLessThanOrEqualTo(result.latencies().max());
        assertThat(result.latencies().curve().getLast().percentile()).isEqualTo(100);
        assertThat(result.windows()).isNotEmpty();
    }

    @Test
    void swapsOfOwnKeysMeetNoConflict() throws Exception {
        try (FlareDb db = FlareDb.openEmbedded(dataDir)) {
            LoadRunner runner = new LoadRunner(new FlareDbTarget(db), SET);
            LoadResult first = runner.run(closedLoop(Workload.CAS, 3), Progress.NONE);
            LoadResult second = runner.run(closedLoop(Workload.MIXED, 4), Progress.NONE);

            assertThat(first.conflicts()).isZero();
            assertThat(second.conflicts()).isZero();
            long versions = 0;
            for (var entry : db.cas().scan(KeyRange.ALL)) {
                versions += entry.version();
            }
            // The warm-ups swapped too.
            assertThat(versions).isGreaterThanOrEqualTo(SET.keys() + first.operations());
            assertThat(db.cas().get(Bytes.utf8("bench-0000000099"))).isPresent();
        }
    }

    @Test
    void contendedSwapsThatTookPlaceAreTheVersionsOfTheirKeys() throws Exception {
        try (FlareDb db = FlareDb.openEmbedded(dataDir)) {
            LoadRunner runner = new LoadRunner(new FlareDbTarget(db), SET);
            LoadResult result = runner.run(closedLoop(Workload.CAS_CONTENDED, 16), Progress.NONE);

            long versions = 0;
            for (var entry : db.cas().scan(KeyRange.ALL)) {
                versions += entry.version();
            }
            assertThat(result.operations()).isPositive().isLessThanOrEqualTo(versions);
            assertThat(db.cas().scan(KeyRange.ALL)).hasSize(SET.contendedKeys());
        }
    }

    @Test
    void aGetThatFindsNoBytesHasFailed() throws Exception {
        try (FlareDb db = FlareDb.openEmbedded(dataDir)) {
            LoadRunner runner = new LoadRunner(new FlareDbTarget(db), SET);
            assertThat(runner.run(closedLoop(Workload.GET, 4), Progress.NONE).failures()).isZero();
            for (var entry : db.raw().scan(KeyRange.ALL)) {
                db.raw().put(entry.key(), Bytes.EMPTY);
            }
            LoadResult result = runner.run(closedLoop(Workload.GET, 4), Progress.NONE);

            assertThat(result.operations()).isZero();
            assertThat(result.failures()).isPositive();
        }
    }

    @Test
    void aScanThatFindsNotAllThatWasWrittenHasFailed() throws Exception {
        try (FlareDb db = FlareDb.openEmbedded(dataDir)) {
            LoadRunner runner = new LoadRunner(new FlareDbTarget(db), SET);
            assertThat(runner.run(closedLoop(Workload.SCAN, 4), Progress.NONE).failures()).isZero();
            db.raw().delete(Bytes.utf8("bench-0000000042"));
            LoadResult result = runner.run(closedLoop(Workload.SCAN, 4), Progress.NONE);

            assertThat(result.operations()).isZero();
            assertThat(result.failures()).isPositive();
        }
    }

    @Test
    void runsAtAFixedRate() throws Exception {
        LoadOptions options = new LoadOptions(Workload.PUT, 16, 200, SHORT, Duration.ofMillis(500));

        LoadResult result = run(options);

        assertThat(result.failures()).isZero();
        // However slow the machine is, each operation of the schedule is accounted for.
        assertThat(result.operations() + result.late() + result.notSent()).isBetween(90L, 100L);
    }

    @Test
    void aSwapNeedsAKeyForEachOperationUnderWay() {
        assertThatThrownBy(() -> run(closedLoop(Workload.PUT, 101)))
                .hasMessage("in-flight is 101 with 100 keys: allowed are 1 to the number of keys");
    }

    @ParameterizedTest
    @CsvSource({"0, 250", "249, 250", "250, 500", "251, 500", "749, 750", "750, 1100", "999, 1100"})
    void endsWindowsAtMultiplesAndJoinsAShortRestToTheLast(long passed, long end) {
        assertThat(LoadRunner.windowEnd(passed, 250, 1_100)).isEqualTo(end);
    }

    @Test
    void tellsHowManyKeysAreWritten() throws Exception {
        List<Integer> written = new ArrayList<>();
        Progress progress =
                new Progress() {
                    @Override
                    public void preparing(Workload workload) {}

                    @Override
                    public void prepared(Workload workload, int keys, int of) {
                        assertThat(of).isEqualTo(SET.keys());
                        written.add(keys);
                    }

                    @Override
                    public void running(
                            LoadOptions options,
                            boolean measured,
                            Duration since,
                            double perSecond) {}
                };
        try (FlareDb db = FlareDb.openEmbedded(dataDir)) {
            new LoadRunner(new FlareDbTarget(db), SET).run(closedLoop(Workload.CAS, 4), progress);
        }

        assertThat(written).isSorted().startsWith(0).contains(50);
    }

    private LoadResult run(LoadOptions options) throws Exception {
        try (FlareDb db = FlareDb.openEmbedded(dataDir)) {
            return new LoadRunner(new FlareDbTarget(db), SET).run(options, Progress.NONE);
        }
    }

    private static LoadOptions closedLoop(Workload workload, int inFlight) {
        return new LoadOptions(workload, inFlight, 0, SHORT, Duration.ofMillis(400));
    }
}
