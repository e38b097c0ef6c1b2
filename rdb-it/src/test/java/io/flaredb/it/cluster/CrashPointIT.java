package io.flaredb.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.flaredb.bytes.Bytes;
import io.flaredb.client.FlareDb;
import io.flaredb.client.FlareDbException;
import io.flaredb.it.load.Load;
import io.flaredb.storage.CrashPoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Servers that end between any two steps of what they do, under load, and what is found when they
 * come back: all that was acknowledged with its versions, of a batch all or nothing, replicas that
 * hold the same.
 */
class CrashPointIT {
    private static final int SERVERS = 3;
    private static final Duration OPERATION_TIMEOUT = Duration.ofSeconds(3);

    /** A replica that is added must first get all records. */
    private static final Duration ADDING_TIMEOUT = Duration.ofSeconds(60);

    /** Where a server comes while it serves writes. */
    private static final List<CrashPoint> SERVING =
            List.of(
                    CrashPoint.LOG_APPENDING,
                    CrashPoint.LOG_APPENDED,
                    CrashPoint.APPLYING,
                    CrashPoint.APPLIED,
                    CrashPoint.ANSWERING,
                    CrashPoint.FLUSHING,
                    CrashPoint.FLUSHED,
                    CrashPoint.SNAPSHOT_NOTED,
                    CrashPoint.LOG_CUTTING,
                    CrashPoint.LOG_CUT);

    /** Those it comes to only when much was written. */
    private static final Set<CrashPoint> RARE =
            EnumSet.range(CrashPoint.FLUSHING, CrashPoint.LOG_CUT);

    private static final List<CrashPoint> SENDING =
            List.of(CrashPoint.EXPORTING, CrashPoint.HALF_SENT);

    /**
     * Without INSTALL_FETCHED, where each run begins. After the last one the replica is whole and
     * needs no other's records.
     */
    private static final List<CrashPoint> INSTALLING =
            List.of(
                    CrashPoint.RECEIVING,
                    CrashPoint.INSTALL_MARKED,
                    CrashPoint.INSTALL_CLEARED,
                    CrashPoint.INSTALL_HALF_INGESTED,
                    CrashPoint.INSTALL_INGESTED,
                    CrashPoint.INSTALL_COMMITTED,
                    CrashPoint.INSTALL_FLUSHED,
                    CrashPoint.INSTALLED);

    /** After the last one there is no replica to remove. */
    private static final List<CrashPoint> REMOVING =
            List.of(
                    CrashPoint.DESTROY_MARKED,
                    CrashPoint.DESTROY_CLEARED,
                    CrashPoint.DESTROY_FLUSHED,
                    CrashPoint.DESTROY_LOG_RESET,
                    CrashPoint.DESTROYED);

    private static final List<CrashPoint> ADDING = List.of(CrashPoint.CREATING, CrashPoint.CREATED);

    @TempDir Path folder;

    private final CrashPlan plan = new CrashPlan();

    @Test
    void aServerKeepsWhatItHasAcknowledged() throws Exception {
        try (ReplicatedCluster cluster = new ReplicatedCluster(folder, 1)) {
            FlareDb db = cluster.client(OPERATION_TIMEOUT);
            Load load = new Load(db, plan.nextSeed());
            try (load) {
                Progress.awaitWrites(load, 100);
                load.hold();
                cluster.kill(0);
                for (CrashPoint point : plan.some(SERVING)) {
                    crashServing(cluster, db, load, point);
                    assertThat(load.findings().all()).as(point + " in " + cluster).isEmpty();
                }
                cluster.start(0);
                load.check(true);
            }
            plan.say(load.findings().summary());
            assertThat(load.findings().all()).as(cluster.toString()).isEmpty();
        }
    }

    /** Begins and ends with the load held and no server. */
    private void crashServing(ReplicatedCluster cluster, FlareDb db, Load load, CrashPoint point)
            throws Exception {
        int occurrence = plan.occurrence(point);
        plan.say(point + " " + occurrence);
        cluster.startArmed(0, point, occurrence);
        try {
            load.check(true);
        } catch (FlareDbException e) {
            plan.say(point + " came while it recovered: " + e.getMessage());
        }
        load.release();
        if (RARE.contains(point)) {
            LargeWrites.until(db, () -> !cluster.isAlive(0));
        }
        cluster.awaitCrash(0);
        load.hold();
    }

    @Test
    void replicasThatAreSentRemovedAndMadeComeToHoldTheSame() throws Exception {
        try (ReplicatedCluster cluster = new ReplicatedCluster(folder, SERVERS)) {
            FlareDb db = cluster.client(OPERATION_TIMEOUT);
            Load load = new Load(db, plan.nextSeed());
            try (load) {
                Progress.awaitWrites(load, 100);
                int member = crashInstalling(cluster, db);
                check(cluster, db, load);
                crashRemoving(cluster, db, member);
                crashAdding(cluster, db, member);
                check(cluster, db, load);
            }
            plan.say(load.findings().summary());
            assertThat(load.findings().all()).as(cluster.toString()).isEmpty();
        }
    }

    private static void check(ReplicatedCluster cluster, FlareDb db, Load load) throws Exception {
        Progress.awaitWrites(load, 100);
        Replicas.awaitConsistent(cluster, db, SERVERS);
        load.hold();
        load.check(false);
        load.release();
        assertThat(load.findings().all()).as(cluster.toString()).isEmpty();
    }

    /** Returns the server that crashed while it got its records. */
    private int crashInstalling(ReplicatedCluster cluster, FlareDb db) throws Exception {
        int behind = (Replicas.leader(cluster, db, Bytes.EMPTY) + 1) % SERVERS;
        int sender = (behind + 1) % SERVERS;
        long region = Replicas.of(db, Bytes.EMPTY).id();
        CrashPoint sending = SENDING.get((int) Math.floorMod(plan.nextSeed(), SENDING.size()));
        plan.say(sending.toString());
        cluster.kill(sender);
        cluster.startArmed(sender, sending, 1);
        Replicas.awaitConsistent(cluster, db, SERVERS); // else it could not lead
        db.cluster().transferLeader(region, cluster.storeId(sender));
        cluster.kill(behind);
        LargeWrites.untilLogsAreCut(db);

        // It comes there once all was sent, so surely after the sender has crashed.
        cluster.startArmed(behind, CrashPoint.INSTALL_FETCHED, 1);
        cluster.awaitCrash(sender);
        cluster.start(sender);
        cluster.awaitCrash(behind);
        for (CrashPoint point : plan.some(INSTALLING)) {
            int occurrence = plan.occurrence(point);
            plan.say(point + " " + occurrence);
            cluster.startArmed(behind, point, occurrence);
            cluster.awaitCrash(behind);
        }
        cluster.start(behind);
        Replicas.awaitConsistent(cluster, db, SERVERS);
        return behind;
    }

    private void crashRemoving(ReplicatedCluster cluster, FlareDb db, int leaving)
            throws Exception {
        long region = Replicas.of(db, Bytes.EMPTY).id();
        long store = cluster.storeId(leaving);
        cluster.kill(leaving);
        List<CrashPoint> points = plan.some(REMOVING);
        for (CrashPoint point : points) {
            plan.say(point.toString());
            cluster.startArmed(leaving, point, 1);
            if (point == points.getFirst()) {
                db.cluster().removePeer(region, store);
            }
            cluster.awaitCrash(leaving);
        }
        cluster.start(leaving);
        Replicas.awaitConsistent(cluster, db, SERVERS - 1);
    }

    private void crashAdding(ReplicatedCluster cluster, FlareDb db, int joining) {
        long region = Replicas.of(db, Bytes.EMPTY).id();
        long store = cluster.storeId(joining);
        for (CrashPoint point : plan.some(ADDING)) {
            plan.say(point.toString());
            cluster.kill(joining);
            cluster.startArmed(joining, point, 1);
            try {
                db.cluster().addPeer(region, store);
            } catch (FlareDbException e) {
                plan.say("not added: " + e.getMessage());
            }
            cluster.awaitCrash(joining);
            cluster.start(joining);
        }
        cluster.client(ADDING_TIMEOUT).cluster().addPeer(region, store);
    }
}
