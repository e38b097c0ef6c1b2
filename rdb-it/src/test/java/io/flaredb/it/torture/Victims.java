package io.flaredb.it.torture;

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
    static List<Machine> pick(TortureCluster cluster, RandomGenerator random) {
        int dice = random.nextInt(10);
        int all = cluster.servers().size();
        if (dice < 6) {
            return one(cluster, random);
        }
        List<Machine> running =
                new ArrayList<>(cluster.servers().stream().filter(Machine::isRunning).toList());
        Collections.shuffle(running, new Random(random.nextLong()));
        return running.subList(0, Math.min(running.size(), dice < 8 ? all / 2 + 1 : all));
    }

    /** One that runs, if any does. */
    static List<Machine> one(TortureCluster cluster, RandomGenerator random) {
        return cluster.anyServer(random).map(List::of).orElse(List.of());
    }

    static String names(List<Machine> machines) {
        return machines.isEmpty()
                ? "nobody, none runs"
                : machines.stream().map(Machine::toString).collect(Collectors.joining(" and "));
    }
}
