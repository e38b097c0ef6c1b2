package io.flaredb.server.placement;

import com.google.protobuf.UnsafeByteOperations;
import io.flaredb.bytes.Bytes;
import io.flaredb.proto.meta.Region;
import io.flaredb.proto.pd.AllocatePeerIdRequest;
import io.flaredb.proto.pd.BootstrapRequest;
import io.flaredb.proto.pd.BootstrapResponse;
import io.flaredb.proto.pd.GetRegionRequest;
import io.flaredb.proto.pd.GetRegionResponse;
import io.flaredb.proto.pd.ListStoresRequest;
import io.flaredb.proto.pd.PlacementDriverGrpc;
import io.flaredb.proto.pd.PlacementDriverGrpc.PlacementDriverBlockingStub;
import io.flaredb.proto.pd.RegionHeartbeatRequest;
import io.flaredb.proto.pd.RegionHeartbeatResponse;
import io.flaredb.proto.pd.RegisterStoreRequest;
import io.flaredb.proto.pd.RegisterStoreResponse;
import io.flaredb.proto.pd.StoreHeartbeatRequest;
import io.flaredb.proto.pd.StoreStatus;
import io.flaredb.rpc.HostAndPort;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** The placement driver over gRPC. Thread-safe. */
public final class RemotePlacement implements Placement, AutoCloseable {
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(3);

    private final HostAndPort address;
    private final ManagedChannel channel;

    public RemotePlacement(HostAndPort address) {
        this.address = address;
        this.channel =
                NettyChannelBuilder.forAddress(address.host(), address.port())
                        .usePlaintext()
                        .build();
    }

    @Override
    public RegisterStoreResponse register(RegisterStoreRequest request) {
        return call(stub -> stub.registerStore(request));
    }

    @Override
    public BootstrapResponse bootstrap(BootstrapRequest request) {
        return call(stub -> stub.bootstrap(request));
    }

    @Override
    public void storeHeartbeat(StoreHeartbeatRequest request) {
        call(stub -> stub.storeHeartbeat(request));
    }

    @Override
    public RegionHeartbeatResponse regionHeartbeat(RegionHeartbeatRequest request) {
        return call(stub -> stub.regionHeartbeat(request));
    }

    @Override
    public long allocatePeerId(long clusterId) {
        AllocatePeerIdRequest request =
                AllocatePeerIdRequest.newBuilder().setClusterId(clusterId).build();
        return call(stub -> stub.allocatePeerId(request)).getPeerId();
    }

    @Override
    public List<StoreStatus> stores(long clusterId) {
        ListStoresRequest request = ListStoresRequest.newBuilder().setClusterId(clusterId).build();
        return call(stub -> stub.listStores(request)).getStoresList();
    }

    @Override
    public Optional<Region> region(long clusterId, Bytes key) {
        GetRegionRequest request =
                GetRegionRequest.newBuilder()
                        .setClusterId(clusterId)
                        .setKey(UnsafeByteOperations.unsafeWrap(key.unsafeArray()))
                        .build();
        GetRegionResponse response = call(stub -> stub.getRegion(request));
        return response.hasRoute()
                ? Optional.of(response.getRoute().getRegion())
                : Optional.empty();
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }

    private <T> T call(Function<PlacementDriverBlockingStub, T> rpc) {
        try {
            // gRPC waits longer after each failed attempt to connect; a placement driver that is
            // back is to be found at the next call.
            channel.resetConnectBackoff();
            return rpc.apply(
                    PlacementDriverGrpc.newBlockingStub(channel)
                            .withDeadlineAfter(CALL_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS));
        } catch (StatusRuntimeException e) {
            throw translate(e);
        }
    }

    private PlacementException translate(StatusRuntimeException e) {
        Status status = e.getStatus();
        String driver = "the placement driver at " + address;
        return switch (status.getCode()) {
            case ALREADY_EXISTS ->
                    PlacementException.notYet(driver + " refuses: " + status.getDescription(), e);
            case FAILED_PRECONDITION, INVALID_ARGUMENT, NOT_FOUND ->
                    PlacementException.refused(driver + " refuses: " + status.getDescription(), e);
            case UNIMPLEMENTED ->
                    PlacementException.notUnderstood(
                            driver
                                    + " does not know this operation: is it another kind of server,"
                                    + " or an older one?",
                            e);
            case OK,
                    CANCELLED,
                    UNKNOWN,
                    DEADLINE_EXCEEDED,
                    PERMISSION_DENIED,
                    RESOURCE_EXHAUSTED,
                    ABORTED,
                    OUT_OF_RANGE,
                    INTERNAL,
                    UNAVAILABLE,
                    DATA_LOSS,
                    UNAUTHENTICATED ->
                    PlacementException.unreachable(driver + " " + happened(status), e);
        };
    }

    /** In the words that clients have for it. */
    private static String happened(Status status) {
        for (Throwable t = status.getCause(); t != null; t = t.getCause()) {
            if (t instanceof UnknownHostException) {
                return "cannot be reached: unknown host";
            }
            // The JDK's word for it: mostly a refused connection, else the message says more.
            if (t instanceof ConnectException && t.getCause() instanceof ConnectException) {
                return "cannot be reached: connection refused";
            }
        }
        return "does not answer: " + status.getCode() + " " + status.getDescription();
    }
}
