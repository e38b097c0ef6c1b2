package io.flaredb.it.torture;

import io.flaredb.it.fault.FlippedBytes;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Bytes rot on the disk of a server while it is off. It must not serve them: it refuses to start,
 * or ends once it reads them, and then starts anew without data.
 */
final class FlipFault implements Fault {
    @Override
    public String begin(TortureCluster cluster, RandomGenerator random) {
        FlippedBytes kind = FlippedBytes.values()[random.nextInt(FlippedBytes.values().length)];
        List<Machine> victims = Victims.one(cluster, random);
        StringBuilder text = new StringBuilder(kind + " of " + Victims.names(victims));
        for (Machine victim : victims) {
            victim.node().kill();
            victim.expectRefusal();
            text.append(": ")
                    .append(
                            kind.flip(victim.node().place().data(), random)
                                    .orElse("nothing there"));
        }
        return text.toString();
    }

    @Override
    public boolean isMomentary() {
        return true;
    }
}
