package io.flaredb.it.torture;

import io.flaredb.client.FlareDb;
import io.flaredb.client.FlareDbOptions;
import io.flaredb.client.RegionInfo;
import io.flaredb.it.process.FlareProcess.Finished;
import io.flaredb.it.process.Node;
import io.flaredb.it.process.Place;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The cluster under torture: a PD and servers, each a process, and clients of it.
 *
 * <p>For the torture's thread.
 */
final class TortureCluster implements AutoCloseable {
    /** Small and quick to start, since several clusters share a machine. */
    private static final Map<String, String> ENVIRONMENT =
            Map.of(
                    "FLAREDB_JAVA_OPTS",
                    "-Xmx384m -XX:+UseSerialGC -XX:TieredStopAtLevel=1",
                    "FLAREDB_LOG_LEVEL",
                    "info");

    private final Node pd;
    private final List<Node> servers = new ArrayList<>();
    private final List<FlareDb> clients = new ArrayList<>();
    private final FlareDb operator;
    private final int regions;

    /** Makes the nodes; {@link #start} starts them. */
    TortureCluster(TortureOptions options, Path folder) {
        regions = options.regions();
        Path logs = options.report().resolve("logs");
        pd =
                new Node(
                        "pd",
                        Place.plain(folder.resolve("pd")).with(ENVIRONMENT),
                        List.of("pd"),
                        logs.resolve("pd.log"));
        List<String> arguments = new ArrayList<>();
        arguments.addAll(List.of("server", "--block-cache=32MiB", "--pd", pd.place().address()));
        arguments.add("--initial-replicas=" + options.servers());
        if (options.regions() > 1) {
            arguments.add(
                    "--initial-regions=" + String.join(",", KeyRing.splits(options.regions())));
        }
        for (int i = 0; i < options.servers(); i++) {
            String name = "server-" + i;
            servers.add(
                    new Node(
                            name,
                            Place.plain(folder.resolve(name)).with(ENVIRONMENT),
                            arguments,
                            logs.resolve(name + ".log")));
        }
        operator = client(Duration.ofSeconds(5));
    }

    /** Starts PD and servers and waits until they serve. */
    void start() {
        pd.launch();
        refuseToEnd(pd);
        servers.forEach(Node::launch);
        servers.forEach(TortureCluster::refuseToEnd);
    }

    private static void refuseToEnd(Node node) {
        Optional<Finished> ended = node.awaitReady();
        if (ended.isPresent()) {
            throw new IllegalStateException(node + " did not start: " + ended.get());
        }
    }

    Node pd() {
        return pd;
    }

    List<Node> servers() {
        return servers;
    }

    /** PD first: servers need it when they start. */
    List<Node> nodes() {
        List<Node> nodes = new ArrayList<>();
        nodes.add(pd);
        nodes.addAll(servers);
        return nodes;
    }

    int regions() {
        return regions;
    }

    /** A client for what an operator does. */
    FlareDb operator() {
        return operator;
    }

    /** A new client, closed with the cluster. */
    FlareDb client(Duration timeout) {
        FlareDb client =
                FlareDb.connect(
                        pd.place().address(), FlareDbOptions.defaults().withTimeout(timeout));
        clients.add(client);
        return client;
    }

    /**
     * A server that runs, as far as is known; now and then the one that leads some region.
     *
     * @return empty: none runs
     */
    Optional<Node> anyServer(RandomGenerator random) {
        boolean leading = random.nextBoolean();
        int region = random.nextInt(regions);
        int any = random.nextInt(servers.size());
        if (leading && pd.isStarted()) {
            Optional<Node> leader = leader(region);
            if (leader.isPresent()) {
                return leader;
            }
        }
        for (int i = 0; i < servers.size(); i++) {
            Node server = servers.get((any + i) % servers.size());
            if (server.isStarted()) {
                return Optional.of(server);
            }
        }
        return Optional.empty();
    }

    private Optional<Node> leader(int region) {
        try {
            RegionInfo info = operator.cluster().regions().get(region);
            return servers.stream()
                    .filter(Node::isStarted)
                    .filter(server ->
                            info.leaderStoreId().isPresent()
                                    && info.leaderStoreId().getAsLong() == server.storeId())
                    .findFirst();
        } catch (RuntimeException pdIsAway) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        clients.forEach(FlareDb::close);
        nodes().forEach(Node::close);
    }
}
