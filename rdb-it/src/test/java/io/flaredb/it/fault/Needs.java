package io.flaredb.it.fault;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

/**
 * What a test needs of the machine, such as a C compiler.
 *
 * <p>Where it is missing the test is skipped, so that a laptop can run the rest; with the system
 * property {@code flaredb.it.strict} it fails, so that the build machine can't skip it unnoticed.
 */
public final class Needs {
    private Needs() {}

    public static void missing(String what) {
        if (Boolean.getBoolean("flaredb.it.strict")) {
            fail("needs " + what);
        }
        abort("skipped: needs " + what);
    }
}
