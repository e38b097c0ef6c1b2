package io.flaredb.raft;

import io.flaredb.rpc.HostAndPort;
import io.flaredb.rpc.RpcServer;
import io.flaredb.storage.RegionId;
import io.flaredb.storage.StorageEngine;
import io.flaredb.storage.StorageOptions;
import io.grpc.InsecureChannelCredentials;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A store with a real engine and a real server on loopback. */
final class TestStore implements AutoCloseable {
    static final StorageOptions SMALL = new StorageOptions(8 << 20, 1 << 20, 1 << 20, 2);

    final long id;
    final StorageEngine engine;
    final RaftHost host;
    final RpcServer server;
    final List<Throwable> fatal = new CopyOnWriteArrayList<>();
    final Map<RegionId, RaftGroup<Long>> groups = new ConcurrentHashMap<>();
    private final Map<RegionId, PutMachine> machines = new ConcurrentHashMap<>();

    /**
     * @param addresses where the stores are; this one puts itself there
     */
    TestStore(Path dir, RaftOptions options, Map<Long, HostAndPort> addresses) {
        id = options.storeId();
        engine = StorageEngine.open(dir, SMALL);
        host =
                RaftHost.open(
                        engine,
                        options,
                        addresses::get,
                        InsecureChannelCredentials.create(),
                        fatal::add);
        server =
                RpcServer.start(
                        new HostAndPort("127.0.0.1", 0),
                        List.of(host.service()),
                        Duration.ofMillis(100));
        addresses.put(id, server.address());
    }

    RaftGroup<Long> start(RegionId region, long peerId, Members initial) {
        return start(region, peerId, initial, new PutMachine(region, engine));
    }

    RaftGroup<Long> start(RegionId region, long peerId, Members initial, PutMachine machine) {
        RaftGroup<Long> group = host.start(region, peerId, initial, machine);
        machines.put(region, machine);
        groups.put(region, group);
        return group;
    }

    /** What came with the records of another replica; empty: none came. */
    byte[] description(RegionId region) {
        PutMachine machine = machines.get(region);
        return machine == null ? new byte[0] : machine.description;
    }

    @Override
    public void close() {
        host.close();
        server.close();
        engine.close();
    }
}
