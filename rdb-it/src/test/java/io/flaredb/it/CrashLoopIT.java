package io.flaredb.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flaredb.client.FlareDb;
import io.flaredb.client.FlareDbOptions;
import io.flaredb.it.fault.PowerLoss;
import io.flaredb.it.fault.PowerLoss.Damage;
import io.flaredb.it.fault.SyncWatch;
import io.flaredb.it.load.Findings;
import io.flaredb.it.load.Load;
import io.flaredb.it.process.Cluster;
import io.flaredb.it.process.FlareProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ends PD and store again and again while they are written to, starts them anew, and compares what
 * they hold with what they had acknowledged.
 *
 * <p>{@code scripts/crash-loop.sh} runs the long form. The seed decides who is ended, when and how;
 * a round's line shows it. The threads' timing is not in the seed.
 */
class CrashLoopIT {
    private static final int KILLS = Integer.getInteger("flaredb.it.kills", 3);
    private static final int POWER_LOSSES = Integer.getInteger("flaredb.it.powerLosses", 2);
    private static final long SEED = Long.getLong("flaredb.it.seed", System.nanoTime());

    /** Short, so that operations caught by a crash end soon. */
    private static final Duration OPERATION_TIMEOUT = Duration.ofSeconds(3);

    private static final int MOST_WRITES_OF_A_ROUND = 2_000;

    /** Which fault a round brings. */
    private enum Fault {
        KILL_PD,
        KILL_STORE,
        KILL_BOTH,
        /** Both lose their unsynced bytes. */
        POWER_LOSS,
        /** Both lose part of their unsynced bytes. */
        TORN_POWER_LOSS,
        /** Both lose their unsynced bytes, and again while they start anew. */
        DOUBLE_POWER_LOSS
    }

    private static final List<Fault> KILL =
            List.of(Fault.KILL_BOTH, Fault.KILL_STORE, Fault.KILL_PD);
    private static final List<Fault> POWER =
            List.of(Fault.POWER_LOSS, Fault.DOUBLE_POWER_LOSS, Fault.TORN_POWER_LOSS);

    /** A start on existing data has about so many syncs in each process. */
    private static final int SYNCS_OF_A_START = 10;

    @TempDir Path folder;

    private final Random random = new Random(SEED);

    @Test
    void losesNoAcknowledgedWriteAndRepeatsNoTimestamp() throws Exception {
        say("seed=%d kills=%d power-losses=%d".formatted(SEED, KILLS, POWER_LOSSES));
        SyncWatch watch = SyncWatch.compile(folder);
        try (Cluster cluster = new Cluster(folder, watch.environment()).start();
                FlareDb db =
                        FlareDb.connect(
                                cluster.pdAddress(),
                                FlareDbOptions.defaults().withTimeout(OPERATION_TIMEOUT))) {
            Load load = new Load(db, random.nextLong());
            try (load) {
                int round = 0;
                for (Fault fault : shuffledFaults()) {
                    round(++round, fault, cluster, watch, load);
                    assertThat(load.findings().all()).isEmpty();
                }
            }
            say(load.findings().summary() + " seed=" + SEED);
            assertThat(load.findings().all()).isEmpty();
        }
    }

    private List<Fault> shuffledFaults() {
        List<Fault> faults = new ArrayList<>();
        for (int i = 0; i < KILLS; i++) {
            faults.add(KILL.get(i % KILL.size()));
        }
        for (int i = 0; i < POWER_LOSSES; i++) {
            faults.add(POWER.get(i % POWER.size()));
        }
        Collections.shuffle(faults, random);
        return faults;
    }

    private void round(int round, Fault fault, Cluster cluster, SyncWatch watch, Load load)
            throws IOException, InterruptedException {
        Findings findings = load.findings();
        awaitWrites(findings, 1 + random.nextInt(MOST_WRITES_OF_A_ROUND));
        long timestamps = findings.timestampsGiven();
        String damage = strike(fault, cluster, watch);
        load.hold();
        cluster.start();
        load.check(fault != Fault.KILL_PD);
        load.release();
        await("timestamps after round " + round)
                .atMost(FlareProcess.DEADLINE)
                .until(() -> findings.timestampsGiven() > timestamps);
        say("round %d: %s%s; %s".formatted(round, fault, damage, findings.summary()));
    }

    private static void awaitWrites(Findings findings, long more) {
        long target = findings.acknowledgedWrites() + more;
        await(more + " more writes")
                .atMost(FlareProcess.DEADLINE)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> findings.acknowledgedWrites() >= target);
    }

    /** Either may be the first, so that the other one is seen alone for a moment. */
    private void killBoth(Cluster cluster) {
        if (random.nextBoolean()) {
            cluster.killPd();
            cluster.killServer();
        } else {
            cluster.killServer();
            cluster.killPd();
        }
    }

    private String strike(Fault fault, Cluster cluster, SyncWatch watch) throws IOException {
        return switch (fault) {
            case KILL_PD -> {
                cluster.killPd();
                yield "";
            }
            case KILL_STORE -> {
                cluster.killServer();
                yield "";
            }
            case KILL_BOTH -> {
                killBoth(cluster);
                yield "";
            }
            case POWER_LOSS -> {
                killBoth(cluster);
                yield " " + cut(PowerLoss.CLEAN, cluster, watch);
            }
            case TORN_POWER_LOSS -> {
                killBoth(cluster);
                yield " " + cut(PowerLoss.TORN, cluster, watch);
            }
            case DOUBLE_POWER_LOSS -> {
                killBoth(cluster);
                String first = cut(PowerLoss.CLEAN, cluster, watch);
                int sync = 1 + random.nextInt(SYNCS_OF_A_START);
                cluster.startAndKill(watch.environmentKillingAt(sync));
                yield " %s, then at sync %d of the start %s"
                        .formatted(first, sync, cut(PowerLoss.CLEAN, cluster, watch));
            }
        };
    }

    private String cut(PowerLoss loss, Cluster cluster, SyncWatch watch) throws IOException {
        Damage damage =
                loss.strike(cluster.pdData(), watch, random)
                        .plus(loss.strike(cluster.serverData(), watch, random));
        return "%d bytes of %d files cut".formatted(damage.bytes(), damage.files());
    }

    @SuppressWarnings("SystemOut") // the run's record, for the person who started it
    private static void say(String line) {
        System.out.println("crash-loop: " + line);
    }
}
