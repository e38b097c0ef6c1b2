package io.flaredb.it.torture;

import io.flaredb.it.fault.FlippedBytes;
import io.flaredb.it.fault.FlippedBytes.Flip;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Bytes rot on the disk of a server while it is off. It must not serve them: it refuses to start,
 * or ends once it reads them, and then starts anew without data. Always of the same one until it
 * has got rid of them: two that start anew are more than a region of three replicas survives.
 */
final class FlipFault implements Fault {
    @Override
    public Deed begin(TortureCluster cluster, RandomGenerator random) {
        FlippedBytes kind = FlippedBytes.values()[random.nextInt(FlippedBytes.values().length)];
        List<Machine> drawn = Victims.one(cluster, random);
        List<Machine> victims = cluster.damaged().map(List::of).orElse(drawn);
        boolean tookEffect = false;
        StringBuilder text = new StringBuilder(kind + " of " + Victims.names(victims));
        for (Machine victim : victims) {
            victim.node().close();
            Optional<Flip> flip = kind.flip(victim.node().place().data(), random);
            tookEffect |= flip.isPresent();
            flip.ifPresent(each -> victim.damaged(each.file()));
            text.append(": ").append(flip.map(Flip::toString).orElse("nothing there"));
        }
        return new Deed(text.toString(), tookEffect);
    }

    @Override
    public boolean isMomentary() {
        return true;
    }
}
