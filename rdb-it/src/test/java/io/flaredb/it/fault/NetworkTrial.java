package io.flaredb.it.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flaredb.bytes.Bytes;
import io.flaredb.client.FlareDb;
import io.flaredb.client.UnavailableException;
import io.flaredb.it.cluster.Replicas;
import io.flaredb.it.cluster.ReplicatedCluster;
import io.flaredb.it.process.FlareProcess;
import io.flaredb.it.process.Place;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What {@link NetworkIT} runs in a network namespace of its own. */
final class NetworkTrial {
    private static final int SERVERS = 3;
    private static final int PD = SERVERS;
    private static final String PORT = ":20160";
    private static final Duration OPERATION_TIMEOUT = Duration.ofSeconds(10);
    private static final Bytes KEY = Bytes.utf8("k");

    private final Network network;
    private final ReplicatedCluster cluster;
    private final FlareDb db;

    private NetworkTrial(Network network, ReplicatedCluster cluster) {
        this.network = network;
        this.cluster = cluster;
        this.db = cluster.client(OPERATION_TIMEOUT);
    }

    /**
     * Tries all kinds of faults on one cluster, and ends with an exception if one does not work.
     *
     * @param args where the data folders are made
     */
    public static void main(String[] args) {
        Path folder = Path.of(args[0]);
        say("begin");
        try (Network network = Network.create(SERVERS + 1)) {
            List<Place> servers = new ArrayList<>();
            for (int i = 0; i < SERVERS; i++) {
                servers.add(place(network, i, folder.resolve("server-" + i)));
            }
            Place pd = place(network, PD, folder.resolve("pd"));
            try (ReplicatedCluster cluster = new ReplicatedCluster(folder, pd, servers)) {
                NetworkTrial trial = new NetworkTrial(network, cluster);
                say("leaderAlone");
                trial.leaderAlone();
                say("oneWay");
                trial.oneWay();
                say("placementDriverAway");
                trial.placementDriverAway();
                say("loss");
                trial.loss();
                Replicas.awaitConsistent(cluster, trial.db, SERVERS);
            }
        }
        assertThat(FlareProcess.start(List.of("ip", "-o", "link"), Map.of()).awaitExit().stdout())
                .doesNotContain("flare");
        try (Network again = Network.create(1)) {
            assertThat(again.dropped(Network.CLIENT)).isZero();
        }
        say("end");
        // The client's threads would keep the process.
        System.exit(0);
    }

    @SuppressWarnings("SystemOut") // the record of the trial
    private static void say(String step) {
        System.out.println(Instant.now() + " " + step);
    }

    private static Place place(Network network, int node, Path data) {
        return Place.at(data, network.host(node) + PORT, network.commandPrefix(node));
    }

    private void leaderAlone() {
        put("before");
        int leader = Replicas.leader(cluster, db, KEY);

        network.isolate(leader);

        put("by another leader");
        awaitDropped(leader);
        awaitDropped((leader + 1) % SERVERS);
        assertThat(Replicas.leader(cluster, db, KEY)).isNotEqualTo(leader);
        heal();
    }

    /** The leader's word does not reach one follower, whose own word reaches everybody. */
    private void oneWay() {
        int leader = Replicas.leader(cluster, db, KEY);
        int follower = (leader + 1) % SERVERS;

        network.cut(leader, follower);

        put("past a deaf follower");
        awaitDropped(follower);
        assertThat(network.dropped(leader)).isZero();
        heal();
    }

    private void placementDriverAway() {
        put("known way");

        network.split(Set.of(PD), Set.of(0, 1, 2, Network.CLIENT));

        put("without PD");
        FlareDb impatient = cluster.client(Duration.ofSeconds(1));
        assertThatThrownBy(() -> impatient.tso().next()).isInstanceOf(UnavailableException.class);
        awaitDropped(PD);
        heal();
        await().atMost(FlareProcess.DEADLINE)
                .ignoreExceptionsInstanceOf(UnavailableException.class)
                .until(() -> db.tso().next() > 0);
    }

    private void loss() {
        for (int node = 0; node < SERVERS; node++) {
            network.lose(node, 30);
        }

        put("through a bad network");
        awaitDropped(0);
        heal();
    }

    private void put(String value) {
        Bytes bytes = Bytes.utf8(value);
        await("put of \"" + value + "\" in " + cluster)
                .atMost(FlareProcess.DEADLINE)
                .ignoreExceptions() // unavailable, or unknown: put again
                .until(() -> {
                    db.raw().put(KEY, bytes);
                    return true;
                });
        assertThat(db.raw().get(KEY)).contains(bytes);
    }

    private void awaitDropped(int node) {
        await("packets that do not reach " + node)
                .atMost(FlareProcess.DEADLINE)
                .until(() -> network.dropped(node) > 0);
    }

    private void heal() {
        network.heal();
        say("healed");
        Replicas.awaitConsistent(cluster, db, SERVERS);
    }
}
