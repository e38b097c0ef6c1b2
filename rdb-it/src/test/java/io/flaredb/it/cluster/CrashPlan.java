package io.flaredb.it.cluster;

import io.flaredb.storage.CrashPoint;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Which crash points a run visits, and at which occurrence. {@code -Dflaredb.it.crashPoints=N}
 * bounds how many of each kind, by chance; {@code -Dflaredb.it.seed=N} repeats a choice.
 *
 * <p>For one thread.
 */
final class CrashPlan {
    private static final int MOST_OF_A_KIND = Integer.getInteger("flaredb.it.crashPoints", 2);

    /** A log is written to and applied this often within moments of a load. */
    private static final int FREQUENT = 300;

    private final long seed = Long.getLong("flaredb.it.seed", System.nanoTime());
    private final Random random = new Random(seed);

    long seed() {
        return seed;
    }

    /** Some of these points, in their order; all of them if there are few enough. */
    List<CrashPoint> some(List<CrashPoint> points) {
        List<CrashPoint> shuffled = new ArrayList<>(points);
        Collections.shuffle(shuffled, random);
        List<CrashPoint> chosen = shuffled.subList(0, Math.min(MOST_OF_A_KIND, points.size()));
        return points.stream().filter(chosen::contains).toList();
    }

    int occurrence(CrashPoint point) {
        return switch (point) {
            case LOG_APPENDING, LOG_APPENDED, APPLYING, APPLIED, ANSWERING ->
                    1 + random.nextInt(FREQUENT);
            case RECEIVING -> 1 + random.nextInt(5);
            case FLUSHING,
                    FLUSHED,
                    SNAPSHOT_NOTED,
                    LOG_CUTTING,
                    LOG_CUT,
                    EXPORTING,
                    HALF_SENT,
                    INSTALL_FETCHED,
                    INSTALL_MARKED,
                    INSTALL_CLEARED,
                    INSTALL_HALF_INGESTED,
                    INSTALL_INGESTED,
                    INSTALL_COMMITTED,
                    INSTALL_FLUSHED,
                    INSTALLED,
                    CREATING,
                    CREATED,
                    DESTROY_MARKED,
                    DESTROY_CLEARED,
                    DESTROY_FLUSHED,
                    DESTROY_LOG_RESET,
                    DESTROYED ->
                    1;
        };
    }

    long nextSeed() {
        return random.nextLong();
    }

    @SuppressWarnings("SystemOut") // the run's record, for the person who started it
    void say(String line) {
        System.out.println("crash-points: " + line + " seed=" + seed);
    }
}
