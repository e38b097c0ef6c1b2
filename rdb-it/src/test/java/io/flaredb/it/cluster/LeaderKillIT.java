package io.flaredb.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.flaredb.bytes.Bytes;
import io.flaredb.client.FlareDb;
import io.flaredb.it.load.Load;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the leader and a follower in turn while several clients write, and compares what the
 * cluster holds with what it had acknowledged.
 *
 * <p>{@code scripts/failover.sh} runs the long form, which tells how long writes stood still. That
 * is printed and not judged here: it depends on the machine. The seed decides who is killed when,
 * not how the processes and threads run.
 */
class LeaderKillIT {
    private static final int ROUNDS = Integer.getInteger("flaredb.it.failovers", 4);
    private static final long SEED = Long.getLong("flaredb.it.seed", System.nanoTime());
    private static final int SERVERS = 3;
    private static final int CLIENTS = 3;
    private static final int MOST_WRITES_OF_A_ROUND = 1_000;

    /** Longer than an election, so that most operations outlast it. */
    private static final Duration OPERATION_TIMEOUT = Duration.ofSeconds(10);

    private static final Bytes PROBE = Bytes.utf8("probe");

    @TempDir Path folder;

    private final Random random = new Random(SEED);

    @Test
    void losesNothingAndGoesOnWhenServersAreKilled() throws Exception {
        say("seed=%d rounds=%d".formatted(SEED, ROUNDS));
        try (ReplicatedCluster cluster =
                new ReplicatedCluster(folder, SERVERS, "--initial-regions=m")) {
            FlareDb db = cluster.client(OPERATION_TIMEOUT);
            Outages leaders = new Outages("leader killed", db, PROBE);
            Outages followers = new Outages("follower killed", db, PROBE);
            List<FlareDb> clients =
                    Stream.generate(() -> cluster.client(OPERATION_TIMEOUT))
                            .limit(CLIENTS)
                            .toList();
            Load load = new Load(clients, random.nextLong());
            try (load) {
                for (int round = 1; round <= ROUNDS; round++) {
                    Progress.awaitWrites(load, 1 + random.nextInt(MOST_WRITES_OF_A_ROUND));
                    boolean leads = round % 2 == 1;
                    int victim = victim(cluster, db, leads);
                    Duration outage =
                            (leads ? leaders : followers).after(() -> cluster.kill(victim));
                    Progress.awaitWrites(load, 100);
                    load.hold();
                    load.check(false);
                    load.release();
                    cluster.start(victim);
                    Replicas.awaitConsistent(cluster, db, SERVERS);
                    say(
                            "round %d: %s (store %d) killed, writes again after %d ms; %s"
                                    .formatted(
                                            round,
                                            leads ? "leader" : "follower",
                                            cluster.storeId(victim),
                                            outage.toMillis(),
                                            load.findings().summary()));
                    assertThat(load.findings().all()).as(cluster.toString()).isEmpty();
                }
                load.hold();
                load.check(false);
                load.release();
            }
            say(load.findings().summary());
            say(leaders.summary() + "; " + followers.summary() + "; seed=" + SEED);
            assertThat(load.findings().all()).as(cluster.toString()).isEmpty();
            Replicas.awaitConsistent(cluster, db, SERVERS);
        }
    }

    private int victim(ReplicatedCluster cluster, FlareDb db, boolean leader) {
        int leading = Replicas.leader(cluster, db, PROBE);
        return leader ? leading : (leading + 1 + random.nextInt(SERVERS - 1)) % SERVERS;
    }

    @SuppressWarnings("SystemOut") // the run's record, for the person who started it
    private static void say(String line) {
        System.out.println("failover: " + line);
    }
}
