package io.flaredb.server.placement;

import io.flaredb.proto.meta.Peer;
import io.flaredb.proto.meta.Region;
import io.flaredb.proto.region.CreateReplicaRequest;
import io.flaredb.proto.region.DestroyReplicaRequest;
import io.flaredb.proto.region.FlareRegionGrpc;
import io.flaredb.proto.region.FlareRegionGrpc.FlareRegionBlockingStub;
import io.flaredb.rpc.HostAndPort;
import io.flaredb.server.region.ChangeRefusedException;
import io.flaredb.server.region.OtherStores;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Asks other stores to make and remove replicas: seldom enough for a connection each time.
 *
 * @param refresh brings the directory up to date, for a store that has just come
 * @param clusterId both must belong to
 */
public record StoreLinks(StoreDirectory stores, Runnable refresh, long clusterId)
        implements OtherStores {
    private static final long CALL_SECONDS = 30;

    @Override
    public void createReplica(Region region, Peer peer) {
        CreateReplicaRequest request =
                CreateReplicaRequest.newBuilder()
                        .setClusterId(clusterId)
                        .setRegion(region)
                        .setPeer(peer)
                        .build();
        call(peer.getStoreId(), stub -> stub.createReplica(request));
    }

    @Override
    public void destroyReplica(Region region, Peer peer) {
        DestroyReplicaRequest request =
                DestroyReplicaRequest.newBuilder()
                        .setClusterId(clusterId)
                        .setRegion(region)
                        .setPeer(peer)
                        .build();
        call(peer.getStoreId(), stub -> stub.destroyReplica(request));
    }

    private void call(long storeId, Consumer<FlareRegionBlockingStub> rpc) {
        HostAndPort address = stores.of(storeId);
        if (address == null) {
            refresh.run();
            address = stores.of(storeId);
        }
        if (address == null) {
            throw new IllegalArgumentException(
                    "no store %s serves anywhere: see the list of stores"
                            .formatted(Long.toUnsignedString(storeId)));
        }
        ManagedChannel channel =
                NettyChannelBuilder.forAddress(address.host(), address.port())
                        .usePlaintext()
                        .build();
        try {
            rpc.accept(
                    FlareRegionGrpc.newBlockingStub(channel)
                            .withDeadlineAfter(CALL_SECONDS, TimeUnit.SECONDS));
        } catch (StatusRuntimeException e) {
            throw new ChangeRefusedException(
                    "store %s at %s: %s %s"
                            .formatted(
                                    Long.toUnsignedString(storeId),
                                    address,
                                    e.getStatus().getCode(),
                                    e.getStatus().getDescription()),
                    e);
        } finally {
            channel.shutdownNow();
        }
    }
}
