package io.flaredb.server.placement;

import io.flaredb.proto.pd.BootstrapRequest;
import io.flaredb.proto.pd.BootstrapResponse;
import io.flaredb.proto.pd.PlacementDriverGrpc;
import io.flaredb.proto.pd.PlacementDriverGrpc.PlacementDriverBlockingStub;
import io.flaredb.proto.pd.RegionHeartbeatRequest;
import io.flaredb.proto.pd.RegisterStoreRequest;
import io.flaredb.proto.pd.RegisterStoreResponse;
import io.flaredb.proto.pd.StoreHeartbeatRequest;
import io.flaredb.rpc.HostAndPort;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.time.Duration;
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
    public void regionHeartbeat(RegionHeartbeatRequest request) {
        call(stub -> stub.regionHeartbeat(request));
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
        String reason = String.valueOf(status.getDescription());
        return switch (status.getCode()) {
            case FAILED_PRECONDITION, ALREADY_EXISTS, INVALID_ARGUMENT, NOT_FOUND, UNIMPLEMENTED ->
                    PlacementException.refused(
                            "the placement driver at " + address + " refuses: " + reason, e);
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
                    PlacementException.unreachable(
                            "the placement driver at "
                                    + address
                                    + " does not answer: "
                                    + status.getCode()
                                    + " "
                                    + reason,
                            e);
        };
    }
}
