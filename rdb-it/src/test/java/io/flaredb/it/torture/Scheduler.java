package io.flaredb.it.torture;

import static org.awaitility.Awaitility.await;

import io.flaredb.it.torture.FaultPlan.Round;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionTimeoutException;

/** Injects faults round by round; after each the cluster has to become whole. */
final class Scheduler {
    /** Generous, for a busy machine. */
    private static final Duration PROGRESS_WITHOUT_PD = Duration.ofSeconds(30);

    private static final int OPERATIONS_WITHOUT_PD = 3;

    private final TortureCluster cluster;
    private final FaultPlan plan;
    private final Recovery recovery;
    private final Tally tally;
    private final TimeLine timeLine;
    private final Problems problems;

    Scheduler(
            TortureCluster cluster,
            FaultPlan plan,
            Recovery recovery,
            Tally tally,
            TimeLine timeLine,
            Problems problems) {
        this.cluster = cluster;
        this.plan = plan;
        this.recovery = recovery;
        this.tally = tally;
        this.timeLine = timeLine;
        this.problems = problems;
    }

    /** Goes on for so long, and until the last round is over. */
    void run(Duration duration) throws Exception {
        while (tally.nanos() < duration.toNanos()) {
            round(plan.next());
        }
    }

    private record Begun(FaultClass of, Fault fault, long atNanos) {}

    private void round(Round round) throws Exception {
        Pace.let(round.calm());
        SplittableRandom random = new SplittableRandom(round.seed());
        List<Begun> begun = new ArrayList<>();
        for (FaultClass of : round.faults()) {
            if (!begun.isEmpty()) {
                Pace.let(round.secondAfter());
            }
            begun.add(begin(of, random.split()));
        }
        if (!begun.stream().allMatch(each -> each.fault().isMomentary())) {
            Pace.let(round.lasting());
        }
        if (round.faults().equals(List.of(FaultClass.PD))) {
            requireProgressWithoutPd();
        }
        for (Begun each : begun) {
            unlessItFails(each.of(), "end", () -> each.fault().end(cluster));
            timeLine.lasted(each.of(), each.atNanos());
        }
        recovery.awaitWhole();
    }

    private Begun begin(FaultClass of, SplittableRandom random) {
        long atNanos = tally.nanos();
        Fault fault = of.make();
        unlessItFails(of, "begin", () -> timeLine.began(of, fault.begin(cluster, random)));
        return new Begun(of, fault, atNanos);
    }

    private interface Act {
        void run() throws Exception;
    }

    /** A fault that can't be begun or ended is a problem; the others end all the same. */
    private void unlessItFails(FaultClass of, String act, Act step) {
        try {
            step.run();
        } catch (Exception e) {
            String text = "%s did not %s: %s".formatted(of.option(), act, e);
            timeLine.say(text);
            problems.report(Problems.Kind.UNEXPECTED_ERROR, text);
        }
    }

    /** Clients that know where regions are led don't need the placement driver. */
    private void requireProgressWithoutPd() {
        List<Long> before = acknowledged();
        try {
            await().atMost(PROGRESS_WITHOUT_PD)
                    .until(() -> {
                        List<Long> now = acknowledged();
                        return IntStream.range(0, now.size())
                                .allMatch(i -> now.get(i) >= before.get(i) + OPERATIONS_WITHOUT_PD);
                    });
        } catch (ConditionTimeoutException e) {
            problems.report(
                    Problems.Kind.NEEDED_PD,
                    "acknowledged by region %s when PD had gone, %s after %d s"
                            .formatted(before, acknowledged(), PROGRESS_WITHOUT_PD.toSeconds()));
        }
    }

    private List<Long> acknowledged() {
        return IntStream.range(0, cluster.regions()).mapToObj(tally::acknowledgedIn).toList();
    }
}
