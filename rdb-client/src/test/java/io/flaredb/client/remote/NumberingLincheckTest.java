package io.flaredb.client.remote;

import static org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt.forClasses;

import java.util.concurrent.atomic.AtomicLong;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Writes numbered by several threads at once, while regions forget their session, get numbers that
 * one thread could have got: none twice, and no more sessions are begun than are needed.
 */
@Tag("lincheck") // runs in a JVM of its own, see pom.xml
class NumberingLincheckTest {
    /** Public, as everything in it, since Lincheck makes and calls it by reflection. */
    public static class Writes {
        private final AtomicLong clock = new AtomicLong(); // so that each session has its own start
        private final Numbering numbering = new Numbering(clock::incrementAndGet);
        private final Session first = numbering.next().session();

        @Operation
        public String next() {
            WriteNumber number = numbering.next();
            return number.sequence() + " of session " + number.session().startMs();
        }

        @Operation
        public void forgotten(@Param(gen = IntGen.class, conf = "1:3") int fromMs) {
            numbering.forgotten(first, fromMs);
        }
    }

    @Test
    void numbersOneAfterTheOtherInEachInterleaving() {
        new ModelCheckingOptions()
                .iterations(5)
                .invocationsPerIteration(200)
                .threads(2)
                .actorsPerThread(3)
                // A client id may be any number, so drawing one is of no interest here.
                .addGuarantee(forClasses("java.security.SecureRandom").allMethods().ignore())
                .check(Writes.class);
    }
}
