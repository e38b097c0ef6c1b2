package io.flaredb.it.torture;

import java.io.IOException;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A server's disk is filled up, to the last byte or nearly; it may refuse writes, or end itself.
 */
final class DiskFullFault implements Fault {
    private static final int MOST_LEFT_MIB = 128;

    private List<Machine> victims = List.of();

    @Override
    public Deed begin(TortureCluster cluster, RandomGenerator random) throws IOException {
        long left = random.nextBoolean() ? 0 : (long) random.nextInt(MOST_LEFT_MIB) << 20;
        victims = Victims.one(cluster, random);
        for (Machine victim : victims) {
            victim.expectEnd();
            victim.disk().fill(left);
        }
        String text =
                "disk of %s filled up to %d MiB".formatted(Victims.names(victims), left >> 20);
        return new Deed(text, !victims.isEmpty());
    }

    @Override
    public void end(TortureCluster cluster) throws IOException {
        for (Machine victim : victims) {
            victim.disk().free();
        }
    }
}
