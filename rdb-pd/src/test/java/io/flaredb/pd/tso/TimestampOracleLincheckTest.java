package io.flaredb.pd.tso;

import java.time.Duration;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Timestamps given out to several threads at once could have been given out one after another: each
 * above all before it, also while the clock moves. Raising the bound is no part of it: {@link
 * TimestampOracleRaceTest} has that.
 */
@Tag("lincheck") // runs in a JVM of its own, see pom.xml
class TimestampOracleLincheckTest {
    private static final long FIRST_MILLIS = 5;

    /** Public, as everything in it, since Lincheck makes and calls it by reflection. */
    public static class Oracle {
        private final ManualClock clock = new ManualClock(FIRST_MILLIS);
        private final TimestampOracle oracle =
                TimestampOracle.load(new FakeBoundStore(1), clock, Duration.ofHours(1));

        @Operation
        public long allocateOne() {
            return oracle.allocate(1);
        }

        @Operation
        public long allocateThree() {
            return oracle.allocate(3);
        }

        @Operation(nonParallelGroup = "clock")
        public void tick() {
            clock.set(clock.millis() + 1);
        }
    }

    /** What an oracle should do, by one thread. */
    public static class Sequence {
        private long millis = FIRST_MILLIS;
        private long next;

        public long allocateOne() {
            return allocate(1);
        }

        public long allocateThree() {
            return allocate(3);
        }

        public void tick() {
            millis++;
        }

        private long allocate(int count) {
            long first = Math.max(next, TimestampLayout.firstOf(millis));
            next = first + count;
            return first;
        }
    }

    @Test
    void givesOutOneAfterTheOtherInEachInterleaving() {
        new ModelCheckingOptions()
                .iterations(10)
                .invocationsPerIteration(500)
                .threads(3)
                .actorsPerThread(2)
                .sequentialSpecification(Sequence.class)
                .check(Oracle.class);
    }

    @Test
    void givesOutOneAfterTheOtherUnderStress() {
        new StressOptions()
                .iterations(10)
                .invocationsPerIteration(500)
                .threads(3)
                .actorsPerThread(2)
                .sequentialSpecification(Sequence.class)
                .check(Oracle.class);
    }
}
