package io.flaredb.server;

import static org.awaitility.Awaitility.await;

import io.flaredb.proto.meta.Region;
import io.flaredb.rpc.HostAndPort;
import io.flaredb.rpc.RpcServer;
import io.flaredb.server.region.RegionPeer;
import io.flaredb.server.rpc.RegionService;
import io.flaredb.storage.StorageOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Several stores of one region in this process, which replicate over loopback; their ids are 1 and
 * up in the order in which they are first started. For one thread.
 */
public final class TestStores implements AutoCloseable {
    public static final Duration DEADLINE = Duration.ofSeconds(60);

    private static final StoreOptions OPTIONS =
            StoreOptions.defaults()
                    .withStorage(new StorageOptions(8 << 20, 1 << 20, 1 << 20, 2))
                    .withElectionTimeout(Duration.ofSeconds(2))
                    .withHeartbeatInterval(Duration.ofMillis(100));

    private final Path dir;
    private final SharedPlacement placement;
    private final TreeMap<Long, Running> running = new TreeMap<>();

    private record Running(StoreNode node, RpcServer server) {
        void close() {
            node.close();
            server.close();
        }
    }

    /**
     * @param members the stores that hold the region at first, in peers of the same ids
     */
    public TestStores(Path dir, long... members) {
        this.dir = dir;
        this.placement = new SharedPlacement(members);
    }

    /** Starts a store, or starts it again. */
    public StoreNode start(long id) {
        StoreNode node = StoreNode.open(dir.resolve("store" + id), OPTIONS, failure -> {});
        RpcServer server =
                RpcServer.start(new HostAndPort("127.0.0.1", 0), List.of(), Duration.ofMillis(100));
        running.put(id, new Running(node, server));
        node.join(placement, server.address().toString());
        server.add(node.replication());
        server.add(new RegionService(node));
        node.start();
        return node;
    }

    /** Stops a store; nobody is told. */
    public void stop(long id) {
        Running stopping = running.remove(id);
        if (stopping != null) {
            stopping.close();
        }
    }

    /** A store that runs. */
    public StoreNode node(long id) {
        Running found = running.get(id);
        if (found == null) {
            throw new IllegalArgumentException("store " + id + " is down");
        }
        return found.node();
    }

    /** The replica that leads the region. */
    public RegionPeer leader() {
        return await().atMost(DEADLINE).until(this::leaderNow, leader -> leader != null);
    }

    /** The same, once the region leads where it begins: a first leader hands over to peer 1. */
    public RegionPeer awaitSettled() {
        return await().atMost(DEADLINE)
                .until(
                        this::leaderNow,
                        leader ->
                                leader != null
                                        && (leader.self().getId() == 1
                                                || leader.state().term() > 1));
    }

    private @Nullable RegionPeer leaderNow() {
        return running.values().stream()
                .flatMap(each -> each.node().regions().stream())
                .filter(RegionPeer::leads)
                .findFirst()
                .orElse(null);
    }

    /** The region as the placement driver knows it. */
    public Region known() {
        return placement.known();
    }

    public long clusterId() {
        return placement.clusterId;
    }

    @Override
    public void close() {
        running.values().forEach(Running::close);
        running.clear();
    }
}
