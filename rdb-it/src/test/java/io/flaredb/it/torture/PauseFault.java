package io.flaredb.it.torture;

import java.util.List;
import java.util.random.RandomGenerator;

/** One server, a majority or all stand still for a while and then go on as if nothing was. */
final class PauseFault implements Fault {
    private List<Machine> victims = List.of();

    @Override
    public Deed begin(TortureCluster cluster, RandomGenerator random) {
        victims = Victims.pick(cluster, random);
        victims.forEach(victim -> victim.node().pause());
        return new Deed("pause " + Victims.names(victims), !victims.isEmpty());
    }

    @Override
    public void end(TortureCluster cluster) {
        victims.forEach(victim -> victim.node().resume());
    }
}
