package io.flaredb.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flaredb.bytes.Bytes;
import io.flaredb.client.FlareDb;
import io.flaredb.client.FlareDbException;
import io.flaredb.client.RegionCheck;
import io.flaredb.client.RegionCheck.Computed;
import io.flaredb.client.RegionInfo;
import io.flaredb.it.process.FlareProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.awaitility.core.ConditionTimeoutException;

/** Where a cluster's regions are, and whether their replicas hold the same. */
public final class Replicas {
    private Replicas() {}

    /** The region that holds a key. */
    public static RegionInfo of(FlareDb db, Bytes key) {
        return db.cluster().regions().stream()
                .filter(region -> region.range().contains(key))
                .findFirst()
                .orElseThrow();
    }

    /** The server that leads the region of a key; waits until there is one. */
    public static int leader(ReplicatedCluster cluster, FlareDb db, Bytes key) {
        await("leader of " + key + " in " + cluster)
                .atMost(FlareProcess.DEADLINE)
                .until(() -> of(db, key).leaderStoreId().isPresent());
        return cluster.server(of(db, key).leaderStoreId().orElseThrow());
    }

    /**
     * Waits until each region has so many replicas, all of which can be asked, and which hold the
     * same.
     *
     * @param cluster named in the error
     * @throws AssertionError at once if two replicas differ, for that never passes; with a {@link
     *     ConditionTimeoutException} as its cause if time ends
     */
    public static void awaitConsistent(Object cluster, FlareDb db, int replicas) {
        AtomicReference<List<String>> last = new AtomicReference<>(List.of());
        try {
            await().atMost(FlareProcess.DEADLINE)
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> areConsistent(db, replicas, last));
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(last.get() + " in " + cluster, e);
        }
    }

    /**
     * Whether each region has so many replicas, all of which can be asked, and which hold the same.
     *
     * @param last is told what was found
     * @throws AssertionError if two replicas differ
     */
    public static boolean areConsistent(
            FlareDb db, int replicas, AtomicReference<List<String>> last) {
        List<String> found = new ArrayList<>();
        boolean all = true;
        try {
            for (RegionInfo region : db.cluster().regions()) {
                RegionCheck check = db.cluster().checkRegion(region.id());
                found.add(check.toString());
                assertThat(contents(check)).as(check.toString()).hasSizeLessThan(2);
                all &= check.isConsistent() && check.replicas().size() == replicas;
            }
        } catch (FlareDbException e) {
            found.add(e.toString()); // say that the leader has just changed
            all = false;
        }
        last.set(found);
        return all && !found.isEmpty();
    }

    /** What the replicas that answered hold: one element if they hold the same. */
    private static Set<Computed> contents(RegionCheck check) {
        return check.replicas().stream()
                .filter(Computed.class::isInstance)
                .map(Computed.class::cast)
                .map(each -> new Computed(0, each.checksum(), each.rawRecords(), each.casRecords()))
                .collect(Collectors.toSet());
    }
}
