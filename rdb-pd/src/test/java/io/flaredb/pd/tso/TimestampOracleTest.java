package io.flaredb.pd.tso;

import static io.flaredb.pd.tso.TimestampLayout.PER_MILLI;
import static io.flaredb.pd.tso.TimestampLayout.firstOf;
import static io.flaredb.pd.tso.TimestampLayout.millisOf;
import static io.flaredb.pd.tso.TimestampOracle.MAX_COUNT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimestampOracleTest {
    private static final long NOW = 1_800_000_000_000L;
    private static final Duration AHEAD = Duration.ofMillis(20);

    private final ManualClock clock = new ManualClock(NOW);
    private final FakeBoundStore store = new FakeBoundStore(0);
    private final List<TimestampOracle> started = new ArrayList<>();

    @AfterEach
    void close() {
        store.recover();
        started.forEach(TimestampOracle::close);
    }

    @Test
    void beginsWithTheClock() {
        assertThat(start().allocate(1)).isEqualTo(firstOf(NOW));
    }

    @Test
    void givesOutRunsThatFollowEachOther() {
        TimestampOracle oracle = start();
        long first = oracle.allocate(1);
        assertThat(oracle.allocate(10)).isEqualTo(first + 1);
        assertThat(oracle.allocate(1)).isEqualTo(first + 11);
    }

    @Test
    void followsTheClock() {
        TimestampOracle oracle = start();
        oracle.allocate(5);
        clock.set(NOW + 1);
        assertThat(oracle.allocate(1)).isEqualTo(firstOf(NOW + 1));
    }

    @Test
    void carriesIntoTheMillisecondsWhenTheCounterIsFull() {
        TimestampOracle oracle = start();
        assertThat(oracle.allocate(PER_MILLI - 1)).isEqualTo(firstOf(NOW));
        assertThat(oracle.allocate(2)).isEqualTo(firstOf(NOW + 1) - 1);
        assertThat(oracle.allocate(1)).isEqualTo(firstOf(NOW + 1) + 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE, MAX_COUNT + 1, Integer.MAX_VALUE})
    void refusesACountOutOfRange(int count) {
        TimestampOracle oracle = start();
        assertThatThrownBy(() -> oracle.allocate(count))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("count is %d: allowed are 1 to 262144", count);
        assertThat(oracle.allocate(MAX_COUNT)).isEqualTo(firstOf(NOW));
    }

    @Test
    void aClockSetBackChangesNothing() {
        TimestampOracle oracle = start();
        long before = oracle.allocate(1);
        clock.set(NOW - 3_600_000);
        assertThat(oracle.allocate(1)).isEqualTo(before + 1);
    }

    @Test
    void aRestartBeginsAtTheLastBoundEvenWithTheClockSetBack() {
        TimestampOracle first = start();
        first.allocate(100);
        first.close();
        long bound = store.durable();
        clock.set(NOW - 3_600_000);
        assertThat(start().allocate(1)).isEqualTo(bound);
    }

    @Test
    void aRestartFollowsAClockThatIsPastTheLastBound() {
        start().close();
        clock.set(NOW + 3_600_000);
        assertThat(start().allocate(1)).isEqualTo(firstOf(NOW + 3_600_000));
    }

    @Test
    void countsOnBelowTheBoundUntilTheBoundHasFollowedAClockThatJumpedAhead() {
        TimestampOracle oracle = start();
        long before = oracle.allocate(1);
        store.stall();
        clock.set(NOW + 3_600_000);
        assertThat(oracle.allocate(1)).isEqualTo(before + 1);
        store.recover();
        await().untilAsserted(
                        () -> assertThat(millisOf(oracle.allocate(1))).isEqualTo(NOW + 3_600_000));
    }

    @Test
    void raisesTheBoundBeforeItIsReached() {
        TimestampOracle oracle = start();
        long bound = store.durable();
        oracle.allocate(MAX_COUNT);
        // More than half of what the bound allows is used now, less than all.
        for (int millis = 1; millis < AHEAD.toMillis() * 3 / 4; millis++) {
            oracle.allocate(MAX_COUNT);
        }
        await().until(() -> Long.compareUnsigned(store.durable(), bound) > 0);
    }

    @Test
    void keepsTheBoundAheadOfTheClockThoughNobodyAsks() {
        start();
        clock.set(NOW + 60_000);
        await().until(() -> Long.compareUnsigned(store.durable(), firstOf(NOW + 60_000)) > 0);
    }

    @Test
    void aStalledDiskStopsAnswersAtTheBoundUntilItGoesOn() {
        TimestampOracle oracle = start();
        store.stall();
        long last = allocateUntilUnavailable(oracle);
        assertThat(last).isEqualTo(store.durable() - 1);
        assertThatThrownBy(() -> oracle.allocate(1))
                .isInstanceOf(TimestampsUnavailableException.class)
                .hasMessage(
                        "no timestamps: a higher bound is not durable: the disk has not answered"
                                + " yet");
        store.recover();
        assertThat(allocateOnceAvailable(oracle)).isEqualTo(last + 1);
    }

    @Test
    void aFailingDiskStopsAnswersAtTheBoundAndTellsWhy() {
        TimestampOracle oracle = start();
        store.fail("no space left");
        long last = allocateUntilUnavailable(oracle);
        assertThat(last).isEqualTo(store.durable() - 1);
        await().untilAsserted(() ->
                assertThatThrownBy(() -> oracle.allocate(1))
                        .hasMessage(
                                "no timestamps: a higher bound is not durable: no"
                                        + " space left"));
        store.recover();
        assertThat(allocateOnceAvailable(oracle)).isEqualTo(last + 1);
    }

    @Test
    void doesNotStartWithoutADurableBound() {
        store.fail("no space left");
        assertThatThrownBy(this::start).hasMessage("no space left");
    }

    @Test
    void endsWithTheLastTimestampThereIsAndNeverWraps() {
        FakeBoundStore nearTheEnd = new FakeBoundStore(-1L - 3L * MAX_COUNT);
        TimestampOracle oracle = TimestampOracle.start(nearTheEnd, clock, AHEAD);
        started.add(oracle);
        assertThat(oracle.allocate(MAX_COUNT)).isEqualTo(-1L - 3L * MAX_COUNT);
        oracle.allocate(MAX_COUNT);
        oracle.allocate(MAX_COUNT - 1);
        assertThat(oracle.allocate(1)).isEqualTo(-2L);
        assertThatThrownBy(() -> oracle.allocate(1))
                .isInstanceOf(TimestampsUnavailableException.class)
                .hasMessage("no timestamps: all there can be are used up");
        assertThat(nearTheEnd.durable()).isEqualTo(-1L);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, TimestampLayout.MAX_MILLIS + 1, Long.MAX_VALUE})
    void doesNotFollowAClockThatCannotBeRight(long millis) {
        TimestampOracle oracle = start();
        long before = oracle.allocate(1);
        clock.set(millis);
        assertThat(oracle.allocate(1)).isEqualTo(before + 1);
    }

    @Test
    void neverGivesOutZero() {
        clock.set(0);
        assertThat(start().allocate(1)).isEqualTo(1);
    }

    @Test
    void closedItRefusesAndLeavesRoomForTheNextLife() {
        TimestampOracle oracle = start();
        long last = oracle.allocate(1);
        oracle.close();
        oracle.close();
        assertThatThrownBy(() -> oracle.allocate(1))
                .isInstanceOf(TimestampsUnavailableException.class)
                .hasMessage("no timestamps: the placement driver is closed");
        long next = start().allocate(1);
        assertThat(next).isGreaterThan(last);
        assertThat(millisOf(next)).isLessThanOrEqualTo(NOW + AHEAD.toMillis());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 9, 3_600_001})
    void refusesToRunAheadByTooLittleOrTooMuch(long millis) {
        assertThatThrownBy(() -> TimestampOracle.start(store, clock, Duration.ofMillis(millis)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("allowed are 10 ms to 1 hour");
    }

    private TimestampOracle start() {
        TimestampOracle oracle = TimestampOracle.start(store, clock, AHEAD);
        started.add(oracle);
        return oracle;
    }

    /** The last timestamp before the oracle gave up. */
    private static long allocateUntilUnavailable(TimestampOracle oracle) {
        // Large steps first, since single ones would take millions.
        long last = 0;
        for (int step : new int[] {MAX_COUNT, 1_024, 1}) {
            try {
                for (int i = 0; i < 10_000; i++) {
                    last = oracle.allocate(step) + step - 1;
                }
                throw new AssertionError("never stopped in steps of " + step);
            } catch (TimestampsUnavailableException e) {
                assertThat(e).hasMessageStartingWith("no timestamps: ");
            }
        }
        return last;
    }

    private static long allocateOnceAvailable(TimestampOracle oracle) {
        return await().ignoreException(TimestampsUnavailableException.class)
                .until(() -> oracle.allocate(1), timestamp -> true);
    }
}
