package io.flaredb.it.torture;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Wall clocks jump ahead or back, of servers and of the placement driver, and later back again. */
final class ClockFault implements Fault {
    private static final long MOST_MILLIS = 15 * 60 * 1_000;
    private static final long LITTLE_MILLIS = 3_000;

    private List<Machine> victims = List.of();

    @Override
    public Deed begin(TortureCluster cluster, RandomGenerator random) {
        victims = new ArrayList<>(Victims.pick(cluster, random));
        if (random.nextBoolean() && cluster.pd().isRunning()) {
            victims.add(cluster.pd());
        }
        List<String> jumps = new ArrayList<>();
        for (Machine victim : victims) {
            long most = random.nextBoolean() ? MOST_MILLIS : LITTLE_MILLIS;
            Duration jump = Duration.ofMillis(random.nextLong(-most, most));
            victim.clock().set(jump);
            jumps.add(victim + " by " + jump.toMillis() + " ms");
        }
        String text = victims.isEmpty() ? Victims.names(victims) : String.join(", ", jumps);
        return new Deed("clock set of " + text, !victims.isEmpty());
    }

    @Override
    public void end(TortureCluster cluster) {
        victims.forEach(victim -> victim.clock().set(Duration.ZERO));
    }
}
