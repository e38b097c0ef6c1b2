package io.flaredb.it.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flaredb.bytes.Bytes;
import io.flaredb.client.CasResult;
import io.flaredb.client.FlareDb;
import io.flaredb.client.VersionedValue;
import io.flaredb.it.cluster.Replicas;
import io.flaredb.it.cluster.ReplicatedCluster;
import io.flaredb.it.process.FlareProcess;
import io.flaredb.it.process.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clocks that jump under a cluster. */
class FakeClockIT {
    private static final int SERVERS = 3;
    private static final int COUNTER_BITS = 18;
    private static final long ALMOST_A_DAY = Duration.ofHours(23).toMillis();
    private static final Bytes KEY = Bytes.utf8("k");

    @TempDir Path folder;

    @Test
    void timestampsOnlyRiseAndSwapsGoOn() throws IOException {
        FakeClock.missing().ifPresent(Needs::missing);
        FakeClock pdClock = clock("pd-clock");
        List<FakeClock> clocks = new ArrayList<>();
        List<Place> servers = new ArrayList<>();
        for (int i = 0; i < SERVERS; i++) {
            clocks.add(clock("clock-" + i));
            servers.add(
                    Place.local(folder.resolve("server-" + i)).with(clocks.get(i).environment()));
        }
        Place pd = Place.local(folder.resolve("pd")).with(pdClock.environment());
        try (ReplicatedCluster cluster =
                new ReplicatedCluster(folder, pd, servers, "--reads=lease")) {
            FlareDb db = cluster.client(Duration.ofSeconds(10));
            long now = db.tso().next();

            pdClock.set(Duration.ofDays(1));
            // Not at once: timestamps stay below a bound that has to be stored first.
            await().atMost(FlareProcess.DEADLINE)
                    .until(() -> milliseconds(db.tso().next()) - milliseconds(now) > ALMOST_A_DAY);
            long tomorrow = db.tso().next();
            pdClock.set(Duration.ofDays(-2));
            long later = db.tso().next();
            assertThat(later).isGreaterThan(tomorrow);
            cluster.restartPd();
            assertThat(db.tso().next()).isGreaterThan(later);
            pdClock.set(Duration.ZERO);
            assertThat(db.tso().next()).isGreaterThan(later);

            long version = 0;
            int leader = 0;
            for (Duration jump : jumps()) {
                version = swap(db, version);
                leader = Replicas.leader(cluster, db, KEY);
                clocks.get(leader).set(jump);
                version = swap(db, version);
            }
            clocks.get((leader + 1) % SERVERS).set(Duration.ofHours(-3));
            swap(db, version);
            clocks.forEach(clock -> clock.set(Duration.ZERO));
            Replicas.awaitConsistent(cluster, db, SERVERS);
        }
    }

    private static List<Duration> jumps() {
        return Stream.of("PT1H", "-PT1H", "P30D", "-PT10S", "PT0S").map(Duration::parse).toList();
    }

    private FakeClock clock(String name) throws IOException {
        return FakeClock.create(Files.createDirectory(folder.resolve(name)));
    }

    private static long milliseconds(long timestamp) {
        return timestamp >>> COUNTER_BITS;
    }

    /** Swaps and reads what was swapped; returns its version. */
    private static long swap(FlareDb db, long expectedVersion) {
        Bytes value = Bytes.utf8("after " + expectedVersion);
        CasResult.Swapped swapped = (CasResult.Swapped) db.cas().put(KEY, expectedVersion, value);
        assertThat(db.cas().get(KEY)).contains(new VersionedValue(swapped.version(), value));
        return swapped.version();
    }
}
