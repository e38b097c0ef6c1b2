package io.flaredb.it.torture;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Draws what comes next from a seed; the same seed gives the same plan, whatever the cluster does.
 */
final class FaultPlan {
    private static final int ONE_OF_SO_MANY_IS_DOUBLE = 3;

    private final Random random;
    private final List<FaultClass> classes;
    private final List<FaultClass> drawn = new ArrayList<>();

    /**
     * One round.
     *
     * @param faults one, or two that overlap
     * @param calm without faults before
     * @param secondAfter from the begin of the first fault to that of the second
     * @param lasting from the begin of the last fault to the end of all
     * @param seed of what the faults draw themselves
     */
    record Round(
            List<FaultClass> faults,
            Duration calm,
            Duration secondAfter,
            Duration lasting,
            long seed) {}

    FaultPlan(long seed, Set<FaultClass> classes) {
        this.random = new Random(seed);
        this.classes = classes.stream().sorted().toList();
    }

    Round next() {
        List<FaultClass> faults = new ArrayList<>(List.of(draw()));
        if (classes.size() > 1 && random.nextInt(ONE_OF_SO_MANY_IS_DOUBLE) == 0) {
            FaultClass second = draw();
            if (second != faults.getFirst() && !bothMayLoseData(second, faults.getFirst())) {
                faults.add(second);
            }
        }
        return new Round(
                faults,
                millis(500, 3_000),
                millis(0, 1_500),
                millis(500, 6_000),
                random.nextLong());
    }

    /** Two servers without their data are more than a region of three replicas survives. */
    private static boolean bothMayLoseData(FaultClass one, FaultClass other) {
        return one.mayLoseData() && other.mayLoseData();
    }

    /** Each class once before any comes again, so that short runs have them all. */
    private FaultClass draw() {
        if (drawn.isEmpty()) {
            drawn.addAll(classes);
            Collections.shuffle(drawn, random);
        }
        return drawn.removeLast();
    }

    private Duration millis(int least, int most) {
        return Duration.ofMillis(random.nextInt(least, most));
    }
}
