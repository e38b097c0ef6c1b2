package io.flaredb.it.torture;

import io.flaredb.it.fault.Network;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** The network fails between some of the processes; connections that stand notice only silence. */
final class PartitionFault implements Fault {
    private static final int[] LOSS_PERCENT = {5, 20, 50};

    /** Ways to fail. */
    private enum Way {
        /** One server hears nobody and is heard by nobody. */
        ALONE,
        /** One server is cut off from the others, but not from clients and PD. */
        CUT_OFF,
        /** Two sets of servers, with PD on one side; clients reach both. */
        SPLIT,
        /** One server hears another one no more, which hears it. */
        ONE_WAY,
        /** One server hears nobody, and is heard. */
        DEAF,
        /** Each server talks only with its neighbours; of three, two don't talk with each other. */
        RING,
        /** Part of the packets are lost. */
        LOSS
    }

    @Override
    public Deed begin(TortureCluster cluster, RandomGenerator random) {
        Network network = cluster.network();
        List<Integer> servers =
                new ArrayList<>(cluster.servers().stream().map(Machine::number).toList());
        Collections.shuffle(servers, new Random(random.nextLong()));
        servers.sort(Comparator.comparing(each -> !cluster.servers().get(each).isRunning()));
        int first = cluster.anyServer(random).map(Machine::number).orElse(servers.getFirst());
        servers.remove((Integer) first);
        servers.addFirst(first);
        Way way = Way.values()[random.nextInt(Way.values().length)];
        // Whoever is down hears nothing anyhow.
        long running = cluster.servers().stream().filter(Machine::isRunning).count();
        boolean isAlone = way == Way.ALONE || way == Way.LOSS || way == Way.DEAF;
        String text = cut(network, way, servers, cluster.pd().number(), random);
        return new Deed(way + " " + text, running > (isAlone ? 0 : 1));
    }

    private static String cut(
            Network network, Way way, List<Integer> servers, int pd, RandomGenerator random) {
        int first = servers.getFirst();
        Set<Integer> others = Set.copyOf(servers.subList(1, servers.size()));
        return switch (way) {
            case ALONE -> {
                network.isolate(first);
                yield name(first);
            }
            case CUT_OFF -> {
                network.split(Set.of(first), others);
                yield name(first);
            }
            case SPLIT -> {
                int middle = servers.size() / 2;
                Set<Integer> one = new TreeSet<>(servers.subList(0, middle));
                Set<Integer> other = new TreeSet<>(servers.subList(middle, servers.size()));
                (random.nextBoolean() ? one : other).add(pd);
                network.split(one, other);
                yield names(one) + " from " + names(other) + " (PD is " + pd + ")";
            }
            case ONE_WAY -> {
                network.cut(servers.get(1), first);
                yield name(first) + " does not hear " + name(servers.get(1));
            }
            case DEAF -> {
                others.forEach(other -> network.cut(other, first));
                network.cut(pd, first);
                yield name(first);
            }
            case RING -> {
                if (servers.size() > 3) {
                    network.ring(servers);
                } else {
                    network.split(Set.of(first), Set.of(servers.get(1)));
                }
                yield names(servers);
            }
            case LOSS -> {
                int percent = LOSS_PERCENT[random.nextInt(LOSS_PERCENT.length)];
                List<Integer> hit = random.nextBoolean() ? List.of(first) : servers;
                hit.forEach(server -> network.lose(server, percent));
                yield percent + "% of " + names(hit);
            }
        };
    }

    private static String names(Iterable<Integer> servers) {
        List<String> names = new ArrayList<>();
        servers.forEach(server -> names.add(server.toString()));
        return names.stream().collect(Collectors.joining("+"));
    }

    private static String name(int server) {
        return "server-" + server;
    }

    @Override
    public void end(TortureCluster cluster) {
        cluster.network().heal();
    }
}
