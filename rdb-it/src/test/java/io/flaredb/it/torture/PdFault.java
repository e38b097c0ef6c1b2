package io.flaredb.it.torture;

import java.util.random.RandomGenerator;

/** The placement driver is killed, or stands still for a while. */
final class PdFault implements Fault {
    private boolean paused;

    @Override
    public Deed begin(TortureCluster cluster, RandomGenerator random) {
        if (!cluster.pd().isRunning()) {
            return new Deed("pd is away already", false);
        }
        paused = random.nextInt(3) == 0;
        if (paused) {
            cluster.pd().node().pause();
            return new Deed("pause pd", true);
        }
        cluster.pd().node().kill();
        return new Deed("kill -9 pd", true);
    }

    @Override
    public void end(TortureCluster cluster) {
        if (paused) {
            cluster.pd().node().resume();
        }
    }
}
