package io.flaredb.it.torture;

import java.util.random.RandomGenerator;

/** One fault, begun once and ended once by the torture's thread. */
interface Fault {
    /**
     * What a fault does.
     *
     * @param text and to whom, in a few words
     * @param tookEffect whether it does anything: there may be nobody left to be hit
     */
    record Deed(String text, boolean tookEffect) {}

    /** Begins it; it goes on when this returns. */
    Deed begin(TortureCluster cluster, RandomGenerator random) throws Exception;

    /**
     * Takes back what no restart would. Processes that do not run are started afterwards, by {@link
     * Recovery}.
     */
    default void end(TortureCluster cluster) throws Exception {}

    /** Whether the fault is a moment only, so that to wait before its end has no sense. */
    default boolean isMomentary() {
        return false;
    }
}
