package io.flaredb.it.torture;

import java.util.random.RandomGenerator;

/** The placement driver is killed, or stands still for a while. */
final class PdFault implements Fault {
    private boolean paused;

    @Override
    public String begin(TortureCluster cluster, RandomGenerator random) {
        if (!cluster.pd().isStarted()) {
            return "pd is away already";
        }
        paused = random.nextInt(3) == 0;
        if (paused) {
            cluster.pd().node().pause();
            return "pause pd";
        }
        cluster.pd().node().kill();
        return "kill -9 pd";
    }

    @Override
    public void end(TortureCluster cluster) {
        if (paused) {
            cluster.pd().node().resume();
        }
    }
}
