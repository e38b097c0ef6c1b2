package io.flaredb.it.torture;

import java.util.List;
import java.util.random.RandomGenerator;

/** Writes or syncs of a server, or of the placement driver, fail; a server has to end itself. */
final class IoErrorFault implements Fault {
    private List<Machine> victims = List.of();

    @Override
    public Deed begin(TortureCluster cluster, RandomGenerator random) {
        victims =
                random.nextInt(5) == 0 && cluster.pd().isRunning()
                        ? List.of(cluster.pd())
                        : Victims.one(cluster, random);
        boolean syncs = random.nextBoolean();
        for (Machine victim : victims) {
            victim.expectEnd();
            if (syncs) {
                victim.diskErrors().failSyncs();
            } else {
                victim.diskErrors().failWrites();
            }
        }
        String text = "%s of %s fail".formatted(syncs ? "syncs" : "writes", Victims.names(victims));
        return new Deed(text, !victims.isEmpty());
    }

    @Override
    public void end(TortureCluster cluster) {
        victims.forEach(victim -> victim.diskErrors().heal());
    }
}
