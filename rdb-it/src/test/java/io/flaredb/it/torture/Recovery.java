package io.flaredb.it.torture;

import static org.awaitility.Awaitility.await;

import io.flaredb.client.FlareDbException;
import io.flaredb.it.cluster.Replicas;
import io.flaredb.it.process.FlareProcess.Finished;
import io.flaredb.it.torture.Problems.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Does what an operator would do once faults are over, and waits until the cluster is whole: every
 * region has all its replicas, which hold the same.
 */
final class Recovery {
    /** A lost server is replaced after 10 s; the rest is for a busy machine. */
    private static final Duration DEADLINE = Duration.ofMinutes(4);

    /** What an operator waits for a server that runs on damaged data and does not become whole. */
    private static final Duration PATIENCE_WITH_DAMAGE = Duration.ofMinutes(1);

    private final TortureCluster cluster;
    private final Problems problems;
    private final TimeLine timeLine;
    private final AtomicReference<List<String>> last = new AtomicReference<>(List.of());

    /** The cluster did not come back: there is no point in going on. */
    static final class NotRecoveredException extends Exception {
        private static final long serialVersionUID = 1;

        NotRecoveredException(String message) {
            super(message);
        }
    }

    Recovery(TortureCluster cluster, Problems problems, TimeLine timeLine) {
        this.cluster = cluster;
        this.problems = problems;
        this.timeLine = timeLine;
    }

    /** Starts what does not run and waits until the cluster is whole. */
    void awaitWhole() throws NotRecoveredException {
        long fromNanos = timeLine.nanos();
        try {
            await("the cluster")
                    .pollInSameThread()
                    .atMost(DEADLINE)
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> isWhole(fromNanos));
        } catch (AssertionError e) {
            throw notRecovered(Kind.REPLICAS_DIFFER, String.valueOf(e.getMessage()));
        } catch (ConditionTimeoutException e) {
            // It may be the start of one process that took too long; then the message names it.
            throw notRecovered(Kind.NOT_RECOVERED, last.get() + "; " + e.getMessage());
        }
        cluster.machines().forEach(Machine::isWhole);
        timeLine.say("whole again after %.1f s".formatted((timeLine.nanos() - fromNanos) / 1e9));
    }

    private NotRecoveredException notRecovered(Kind kind, String text) {
        problems.report(kind, text);
        return new NotRecoveredException(text);
    }

    private boolean isWhole(long fromNanos) throws NotRecoveredException {
        cluster.machines().forEach(this::noteItsEnd);
        if (timeLine.nanos() - fromNanos > PATIENCE_WITH_DAMAGE.toNanos()) {
            cluster.machines().stream()
                    .filter(Machine::holdsDamage)
                    .forEach(machine -> {
                        timeLine.say(machine + " has damaged data and is not whole: it is wiped");
                        machine.wipe();
                    });
        }
        start(List.of(cluster.pd()));
        start(cluster.servers());
        try {
            cluster.placement().settle(cluster.replicas());
        } catch (FlareDbException e) {
            last.set(List.of(e.toString()));
            return false;
        }
        return Replicas.areConsistent(cluster.operator(), cluster.replicas(), last);
    }

    private void start(List<Machine> machines) throws NotRecoveredException {
        List<Machine> down = machines.stream().filter(each -> !each.isStarted()).toList();
        down.forEach(machine -> machine.node().launch());
        for (Machine machine : down) {
            Optional<Finished> ended = machine.node().awaitReady();
            if (ended.isPresent()) {
                refused(machine, lastWords(ended.get()));
            }
        }
    }

    /** Damaged data are for the bin: the other replicas have them. */
    private void refused(Machine machine, String words) throws NotRecoveredException {
        String text = machine + " does not start: " + words;
        timeLine.say(text);
        if (!machine.holdsDamage()) {
            throw notRecovered(Kind.NOT_RECOVERED, text);
        }
        machine.wipe();
    }

    private void noteItsEnd(Machine machine) {
        machine.node()
                .endedByItself()
                .ifPresent(finished -> {
                    String text = machine + " ended by itself: " + lastWords(finished);
                    timeLine.say(text);
                    if (!machine.mayEnd()) {
                        problems.report(Kind.UNEXPECTED_END, text);
                    }
                });
    }

    /** The line that tells the reason, if there is one, or else the last. */
    private static String lastWords(Finished finished) {
        List<String> lines = finished.stderr().lines().toList();
        return "exit "
                + finished.exitCode()
                + ", "
                + lines.reversed().stream()
                        .filter(line -> line.startsWith("flaredb: "))
                        .findFirst()
                        .orElse(lines.isEmpty() ? "" : lines.getLast());
    }
}
