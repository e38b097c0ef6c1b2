package io.flaredb.client.remote;

import java.util.TreeSet;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Whatever threads do to a session at once, it answers like a set of the sequences in flight that
 * one thread after the other uses: no sequence is given out twice, none in flight lies below the
 * lowest. What happens where its window is full is {@link NumberingTest}'s.
 */
@Tag("lincheck") // runs in a JVM of its own, see pom.xml
class SessionLincheckTest {
    /** The writes that are in flight at first; only these end, in any order and repeatedly. */
    private static final int TAKEN = 3;

    /** Public, as everything in it, since Lincheck makes and calls it by reflection. */
    public static class Writes {
        private final Session session = new Session(1, 1);

        public Writes() {
            for (int i = 0; i < TAKEN; i++) {
                session.take();
            }
        }

        @Operation
        public long take() {
            return session.take();
        }

        @Operation
        public void done(@Param(gen = IntGen.class, conf = "1:" + TAKEN) int sequence) {
            session.done(sequence);
        }

        @Operation
        public long lowestInFlight() {
            return session.lowestInFlight();
        }
    }

    /** What a session should do, by one thread. */
    public static class InFlight {
        private final TreeSet<Long> inFlight = new TreeSet<>();
        private long next = 1;

        public InFlight() {
            for (int i = 0; i < TAKEN; i++) {
                take();
            }
        }

        public final long take() {
            inFlight.add(next);
            return next++;
        }

        public final void done(int sequence) {
            inFlight.remove((long) sequence);
        }

        public final long lowestInFlight() {
            return inFlight.isEmpty() ? next : inFlight.first();
        }
    }

    @Test
    void answersOneAfterTheOtherInEachInterleaving() {
        new ModelCheckingOptions()
                .iterations(10)
                .invocationsPerIteration(500)
                .threads(2)
                .actorsPerThread(3)
                .sequentialSpecification(InFlight.class)
                .check(Writes.class);
    }

    @Test
    void answersOneAfterTheOtherUnderStress() {
        new StressOptions()
                .iterations(10)
                .invocationsPerIteration(500)
                .threads(2)
                .actorsPerThread(3)
                .sequentialSpecification(InFlight.class)
                .check(Writes.class);
    }
}
