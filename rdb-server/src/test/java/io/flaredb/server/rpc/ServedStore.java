package io.flaredb.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.flaredb.proto.kv.RegionContext;
import io.flaredb.proto.meta.Region;
import io.flaredb.rpc.EventLoops;
import io.flaredb.rpc.HostAndPort;
import io.flaredb.rpc.RpcServer;
import io.flaredb.server.FakePlacement;
import io.flaredb.server.StoreNode;
import io.flaredb.server.StoreOptions;
import io.flaredb.server.read.ReadLimits;
import io.flaredb.server.read.ReadPool;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** A store that leads its only region, served over a real socket, and a connection to it. */
final class ServedStore implements AutoCloseable {
    private final StoreNode node;
    private final ReadPool reads;
    private final KvService service;
    private final RpcServer server;
    private final ManagedChannel channel;

    ServedStore(Path dataDir, ReadLimits limits, Consumer<Throwable> onFatal) {
        this(dataDir, StoreOptions.defaults(), limits, onFatal);
    }

    ServedStore(
            Path dataDir, StoreOptions options, ReadLimits limits, Consumer<Throwable> onFatal) {
        node = StoreNode.open(dataDir, options, onFatal);
        node.join(new FakePlacement(), "127.0.0.1:1");
        node.start();
        assertThat(node.awaitLeaders(Duration.ofSeconds(30))).isTrue();
        reads = new ReadPool(limits);
        EventLoops loops = new EventLoops();
        service = new KvService(node, reads, onFatal, loops);
        server =
                RpcServer.start(
                        HostAndPort.parse("127.0.0.1:0"),
                        List.of(service),
                        Duration.ofSeconds(5),
                        loops);
        channel =
                ManagedChannelBuilder.forTarget(server.address().toString())
                        .usePlaintext()
                        .maxInboundMessageSize(32 << 20)
                        .build();
    }

    StoreNode node() {
        return node;
    }

    ReadPool reads() {
        return reads;
    }

    KvService service() {
        return service;
    }

    RpcServer server() {
        return server;
    }

    ManagedChannel channel() {
        return channel;
    }

    /** The region, as it is now. */
    RegionContext context() {
        Region region = node.regions().iterator().next().descriptor();
        return RegionContext.newBuilder()
                .setClusterId(FakePlacement.CLUSTER_ID)
                .setRegionId(region.getId())
                .setRegionEpoch(region.getEpoch())
                .build();
    }

    @Override
    public void close() {
        channel.shutdownNow();
        server.close();
        reads.close();
        node.close();
    }
}
