package io.flaredb.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    @Test
    void spacesOperationsEvenly() {
        Schedule schedule = new Schedule(1_000, 1_000 + SECOND, 4);

        assertThat(schedule.operations()).isEqualTo(4);
        assertThat(schedule.startNanos(0)).isEqualTo(1_000);
        assertThat(schedule.startNanos(1)).isEqualTo(1_000 + SECOND / 4);
        assertThat(schedule.startNanos(3)).isEqualTo(1_000 + 3 * SECOND / 4);
    }

    @Test
    void addsUpNoRoundingErrors() {
        Schedule schedule = new Schedule(0, Long.MAX_VALUE, 3);

        long afterAYear = TimeUnit.DAYS.toSeconds(365);
        assertThat(schedule.startNanos(3 * afterAYear)).isEqualTo(afterAYear * SECOND);
        assertThat(schedule.startNanos(3 * afterAYear + 1))
                .isEqualTo(afterAYear * SECOND + 333_333_333);
    }

    @ParameterizedTest
    @CsvSource({"1, 1000", "7, 1000", "1000, 1", "999983, 1500", "10000000, 100"})
    void holdsJustTheOperationsThatBeginBeforeItsEnd(int perSecond, long millis) {
        Schedule schedule = new Schedule(42, 42 + TimeUnit.MILLISECONDS.toNanos(millis), perSecond);

        long operations = schedule.operations();

        assertThat(schedule.startNanos(operations - 1)).isLessThan(schedule.endNanos());
        assertThat(schedule.startNanos(operations)).isGreaterThanOrEqualTo(schedule.endNanos());
    }
}
