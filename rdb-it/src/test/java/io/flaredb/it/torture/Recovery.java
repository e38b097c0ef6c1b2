package io.flaredb.it.torture;

import io.flaredb.it.cluster.Replicas;
import io.flaredb.it.process.FlareProcess.Finished;
import io.flaredb.it.process.Node;
import io.flaredb.it.torture.Problems.Kind;
import java.util.List;
import java.util.Optional;
import org.awaitility.core.ConditionTimeoutException;

/** Brings a cluster back once faults are over, and waits until it is whole. */
final class Recovery {
    private final TortureCluster cluster;
    private final int replicas;
    private final Problems problems;
    private final TimeLine timeLine;

    /** The cluster did not come back: there is no point in going on. */
    static final class NotRecoveredException extends Exception {
        private static final long serialVersionUID = 1;

        NotRecoveredException(String message) {
            super(message);
        }
    }

    /**
     * @param replicas of each region
     */
    Recovery(TortureCluster cluster, int replicas, Problems problems, TimeLine timeLine) {
        this.cluster = cluster;
        this.replicas = replicas;
        this.problems = problems;
        this.timeLine = timeLine;
    }

    /**
     * Starts what does not run and waits until every region has all its replicas, which hold the
     * same.
     */
    void await() throws NotRecoveredException {
        long fromNanos = timeLine.nanos();
        noteThoseThatEnded();
        start(List.of(cluster.pd()));
        start(cluster.servers());
        try {
            Replicas.awaitConsistent(cluster, cluster.operator(), replicas);
        } catch (AssertionError e) {
            noteThoseThatEnded();
            boolean late = e.getCause() instanceof ConditionTimeoutException;
            problems.report(
                    late ? Kind.NOT_RECOVERED : Kind.REPLICAS_DIFFER,
                    String.valueOf(e.getMessage()));
            throw new NotRecoveredException(String.valueOf(e.getMessage()));
        }
        timeLine.say("whole again after %.1f s".formatted((timeLine.nanos() - fromNanos) / 1e9));
    }

    private void start(List<Node> nodes) throws NotRecoveredException {
        List<Node> down = nodes.stream().filter(node -> !node.isStarted()).toList();
        down.forEach(Node::launch);
        for (Node node : down) {
            Optional<Finished> ended = node.awaitReady();
            if (ended.isPresent()) {
                String text = node + " does not start: " + lastWords(ended.get());
                problems.report(Kind.NOT_RECOVERED, text);
                throw new NotRecoveredException(text);
            }
        }
    }

    private void noteThoseThatEnded() {
        for (Node node : cluster.nodes()) {
            node.endedByItself()
                    .ifPresent(finished -> {
                        String text = node + " ended by itself: " + lastWords(finished);
                        timeLine.say(text);
                        problems.report(Kind.UNEXPECTED_END, text);
                    });
        }
    }

    private static String lastWords(Finished finished) {
        String said = finished.stderr();
        return "exit " + finished.exitCode() + ", " + said.substring(said.lastIndexOf('\n') + 1);
    }
}
