package io.flaredb.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import io.flaredb.client.CasResult;
import io.flaredb.client.FlareDb;
import io.flaredb.client.KeyValue;
import io.flaredb.client.OutcomeUnknownException;
import io.flaredb.client.UnavailableException;
import io.flaredb.client.VersionedValue;
import io.flaredb.it.process.FlareProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two of three servers are gone: what still works, what does not, and how that is told. */
class MajorityLostIT {
    private static final int SERVERS = 3;
    private static final Duration OPERATION_TIMEOUT = Duration.ofSeconds(2);
    private static final Bytes KEY = Bytes.utf8("k");
    private static final Bytes OLD = Bytes.utf8("old");
    private static final Bytes NEW = Bytes.utf8("new");

    @TempDir Path folder;

    @SuppressWarnings("NullAway.Init")
    private ReplicatedCluster cluster;

    @SuppressWarnings("NullAway.Init")
    private FlareDb db;

    @BeforeEach
    void start() {
        cluster = new ReplicatedCluster(folder, SERVERS);
        db = cluster.client(OPERATION_TIMEOUT);
        db.raw().put(KEY, OLD);
        assertThat(db.cas().put(KEY, 0, OLD)).isEqualTo(new CasResult.Swapped(1));
        Replicas.awaitConsistent(cluster, db, SERVERS);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    /** The one that is left led before: it must notice that it may not answer any more. */
    @Test
    void theFormerLeaderAlone() {
        aloneAndBack(Replicas.leader(cluster, db, KEY));
    }

    @Test
    void aFollowerAlone() {
        aloneAndBack((Replicas.leader(cluster, db, KEY) + 1) % SERVERS);
    }

    private void aloneAndBack(int left) {
        CompletableFuture<Void> underWay = db.raw().async().put(KEY, OLD);
        for (int i = 0; i < SERVERS; i++) {
            if (i != left) {
                cluster.kill(i);
            }
        }
        await().atMost(FlareProcess.DEADLINE).until(underWay::isDone); // whatever its outcome

        refuses(() -> db.raw().get(KEY));
        refuses(() -> db.raw().scan(KeyRange.ALL, 10));
        refuses(() -> db.cas().get(KEY));
        // By now whoever led has noticed, and takes nothing more into its log.
        refuses(() -> db.raw().put(Bytes.utf8("other"), NEW));
        refuses(() -> db.cas().put(Bytes.utf8("other"), 0, NEW));

        assertThat(db.raw().stale().get(KEY)).contains(OLD);
        assertThat(db.raw().stale().scan(KeyRange.ALL, 10)).contains(new KeyValue(KEY, OLD));
        assertThat(db.cas().stale().get(KEY)).contains(new VersionedValue(1, OLD));
        FlareProcess.Finished cli = cluster.cli().run("raw", "get", "k", "--timeout", "1s");
        assertThat(cli.exitCode()).as(cli.toString()).isEqualTo(5);
        assertThat(cluster.cli().run("raw", "get", "k", "--stale").stdout()).isEqualTo("old");

        cluster.start((left + 1) % SERVERS);

        await("writes to go on in " + cluster)
                .atMost(FlareProcess.DEADLINE)
                .until(this::isWritable);
        assertThat(db.raw().get(KEY)).contains(NEW);
        assertThat(db.raw().get(Bytes.utf8("other"))).isEmpty();
        assertThat(db.cas().put(KEY, 1, NEW)).isEqualTo(new CasResult.Swapped(2));
        cluster.startAll();
        Replicas.awaitConsistent(cluster, db, SERVERS);
    }

    private boolean isWritable() {
        try {
            db.raw().put(KEY, NEW);
            return true;
        } catch (UnavailableException | OutcomeUnknownException e) {
            return false;
        }
    }

    private static void refuses(ThrowingCallable operation) {
        assertThatThrownBy(operation).isInstanceOf(UnavailableException.class);
    }
}
