package io.flaredb.it.torture;

import java.util.List;
import java.util.random.RandomGenerator;

/** {@code kill -9} of one server, a majority or all. */
final class KillFault implements Fault {
    @Override
    public Deed begin(TortureCluster cluster, RandomGenerator random) {
        List<Machine> victims = Victims.pick(cluster, random);
        victims.forEach(victim -> victim.node().kill());
        return new Deed("kill -9 " + Victims.names(victims), !victims.isEmpty());
    }
}
