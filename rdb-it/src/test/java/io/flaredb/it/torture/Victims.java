package io.flaredb.it.torture;

import io.flaredb.it.process.Node;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** Who is hit by a fault: mostly one server, sometimes a majority or all. */
final class Victims {
    private Victims() {}

    /** At most as many as still run; empty: none does. */
    static List<Node> pick(TortureCluster cluster, RandomGenerator random) {
        int dice = random.nextInt(10);
        int all = cluster.servers().size();
        if (dice < 6) {
            return cluster.anyServer(random).map(List::of).orElse(List.of());
        }
        List<Node> running =
                new ArrayList<>(cluster.servers().stream().filter(Node::isStarted).toList());
        Collections.shuffle(running, new Random(random.nextLong()));
        return running.subList(0, Math.min(running.size(), dice < 8 ? all / 2 + 1 : all));
    }

    static String names(List<Node> nodes) {
        return nodes.stream().map(Node::name).collect(Collectors.joining(" and "));
    }
}
