package io.flaredb.it.torture;

import io.flaredb.it.fault.PowerLoss;
import io.flaredb.it.fault.PowerLoss.Damage;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Power fails for one server, a majority or all, and now and then for the placement driver too. */
final class PowerFault implements Fault {
    @Override
    public Deed begin(TortureCluster cluster, RandomGenerator random) throws Exception {
        List<Machine> victims = new ArrayList<>(Victims.pick(cluster, random));
        if (random.nextInt(3) == 0 && cluster.pd().isRunning()) {
            victims.add(cluster.pd());
        }
        victims.forEach(victim -> victim.node().kill());
        PowerLoss loss = random.nextBoolean() ? PowerLoss.CLEAN : PowerLoss.TORN;
        Damage damage = new Damage(0, 0);
        for (Machine victim : victims) {
            damage = damage.plus(victim.losePower(loss, random));
        }
        String text =
                "%s power loss of %s: %d bytes of %d files gone"
                        .formatted(loss, Victims.names(victims), damage.bytes(), damage.files());
        return new Deed(text, !victims.isEmpty());
    }
}
