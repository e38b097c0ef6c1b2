package io.flaredb.pd.server;

import com.google.protobuf.ByteString;
import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import io.flaredb.bytes.SizeLimits;
import io.flaredb.pd.PlacementDriver;
import io.flaredb.proto.pd.AllocatePeerIdRequest;
import io.flaredb.proto.pd.AllocatePeerIdResponse;
import io.flaredb.proto.pd.BootstrapRequest;
import io.flaredb.proto.pd.BootstrapResponse;
import io.flaredb.proto.pd.GetClusterInfoRequest;
import io.flaredb.proto.pd.GetClusterInfoResponse;
import io.flaredb.proto.pd.GetRegionRequest;
import io.flaredb.proto.pd.GetRegionResponse;
import io.flaredb.proto.pd.GetStoreRequest;
import io.flaredb.proto.pd.GetStoreResponse;
import io.flaredb.proto.pd.GetTsoRequest;
import io.flaredb.proto.pd.GetTsoResponse;
import io.flaredb.proto.pd.ListStoresRequest;
import io.flaredb.proto.pd.ListStoresResponse;
import io.flaredb.proto.pd.PlacementDriverGrpc;
import io.flaredb.proto.pd.RegionHeartbeatRequest;
import io.flaredb.proto.pd.RegionHeartbeatResponse;
import io.flaredb.proto.pd.RegisterStoreRequest;
import io.flaredb.proto.pd.RegisterStoreResponse;
import io.flaredb.proto.pd.ScanRegionsRequest;
import io.flaredb.proto.pd.ScanRegionsResponse;
import io.flaredb.proto.pd.StoreHeartbeatRequest;
import io.flaredb.proto.pd.StoreHeartbeatResponse;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** pdpb.proto's service: reads messages, checks what only the wire can bring, maps errors. */
final class PlacementDriverService extends PlacementDriverGrpc.PlacementDriverImplBase {
    private static final Status SHUTTING_DOWN =
            Status.UNAVAILABLE.withDescription("the placement driver is shutting down");

    private final PlacementDriver driver;
    private final ChangeQueue changes = new ChangeQueue();
    private final Set<TsoStream> streams = ConcurrentHashMap.newKeySet();
    private volatile boolean finishing;

    PlacementDriverService(PlacementDriver driver) {
        this.driver = driver;
    }

    /** Ends the streams and finishes the changes that were taken, for {@code limit} at most. */
    void finish(Duration limit) {
        finishing = true;
        streams.forEach(stream -> stream.end(SHUTTING_DOWN));
        changes.finish(limit);
    }

    @Override
    public void getClusterInfo(
            GetClusterInfoRequest request, StreamObserver<GetClusterInfoResponse> answer) {
        answer(
                answer,
                () ->
                        GetClusterInfoResponse.newBuilder()
                                .setClusterId(driver.clusterId())
                                .setBootstrapped(driver.isBootstrapped())
                                .build());
    }

    @Override
    public void getTso(GetTsoRequest request, StreamObserver<GetTsoResponse> answer) {
        answer(answer, () -> TsoStream.allocate(driver::allocateTimestamps, request));
    }

    @Override
    public StreamObserver<GetTsoRequest> streamTso(StreamObserver<GetTsoResponse> answers) {
        TsoStream stream =
                new TsoStream(
                        driver::allocateTimestamps,
                        (ServerCallStreamObserver<GetTsoResponse>) answers,
                        streams::remove);
        streams.add(stream);
        if (finishing) { // finish() may have looked before this one was added
            stream.end(SHUTTING_DOWN);
        }
        return stream;
    }

    @Override
    public void registerStore(
            RegisterStoreRequest request, StreamObserver<RegisterStoreResponse> answer) {
        change(
                answer,
                () -> {
                    if (request.getAddress().isEmpty()) {
                        throw new IllegalArgumentException(
                                "address is empty: a store registers its host:port");
                    }
                    return driver.registerStore(request);
                });
    }

    @Override
    public void bootstrap(BootstrapRequest request, StreamObserver<BootstrapResponse> answer) {
        change(answer, () -> driver.bootstrap(request));
    }

    @Override
    public void storeHeartbeat(
            StoreHeartbeatRequest request, StreamObserver<StoreHeartbeatResponse> answer) {
        change(
                answer,
                () -> {
                    driver.storeHeartbeat(request);
                    return StoreHeartbeatResponse.getDefaultInstance();
                });
    }

    @Override
    public void regionHeartbeat(
            RegionHeartbeatRequest request, StreamObserver<RegionHeartbeatResponse> answer) {
        change(answer, () -> driver.regionHeartbeat(request));
    }

    @Override
    public void allocatePeerId(
            AllocatePeerIdRequest request, StreamObserver<AllocatePeerIdResponse> answer) {
        change(
                answer,
                () -> {
                    driver.requireCluster(request.getClusterId());
                    return AllocatePeerIdResponse.newBuilder()
                            .setPeerId(driver.allocatePeerId())
                            .build();
                });
    }

    @Override
    public void getRegion(GetRegionRequest request, StreamObserver<GetRegionResponse> answer) {
        answer(
                answer,
                () -> {
                    driver.requireCluster(request.getClusterId());
                    GetRegionResponse.Builder response =
                            GetRegionResponse.newBuilder().setClusterId(driver.clusterId());
                    driver.route(key("key", request.getKey())).ifPresent(response::setRoute);
                    return response.build();
                });
    }

    @Override
    public void scanRegions(
            ScanRegionsRequest request, StreamObserver<ScanRegionsResponse> answer) {
        answer(
                answer,
                () -> {
                    driver.requireCluster(request.getClusterId());
                    KeyRange range =
                            new KeyRange(
                                    key("start_key", request.getStartKey()),
                                    key("end_key", request.getEndKey()));
                    return ScanRegionsResponse.newBuilder()
                            .setClusterId(driver.clusterId())
                            .addAllRoutes(driver.scanRegions(range, request.getLimit()))
                            .build();
                });
    }

    @Override
    public void getStore(GetStoreRequest request, StreamObserver<GetStoreResponse> answer) {
        answer(
                answer,
                () -> {
                    driver.requireCluster(request.getClusterId());
                    return GetStoreResponse.newBuilder()
                            .setStore(driver.store(request.getStoreId()))
                            .build();
                });
    }

    @Override
    public void listStores(ListStoresRequest request, StreamObserver<ListStoresResponse> answer) {
        answer(
                answer,
                () -> {
                    driver.requireCluster(request.getClusterId());
                    return ListStoresResponse.newBuilder()
                            .setClusterId(driver.clusterId())
                            .addAllStores(driver.stores())
                            .build();
                });
    }

    /** Empty is allowed here: it stands for the first key there can be, or no bound. */
    private static Bytes key(String field, ByteString key) {
        if (key.size() > SizeLimits.MAX_KEY_BYTES) {
            throw new IllegalArgumentException(
                    "%s is %d bytes: allowed are at most %d"
                            .formatted(field, key.size(), SizeLimits.MAX_KEY_BYTES));
        }
        return Bytes.wrap(key.toByteArray());
    }

    private <T> void change(StreamObserver<T> answer, Supplier<T> work) {
        ServerCallStreamObserver<T> call = (ServerCallStreamObserver<T>) answer;
        // Without a handler, an answer to a client that has gone would throw.
        call.setOnCancelHandler(() -> {});
        try {
            changes.add(() -> {
                if (!call.isCancelled()) {
                    answer(answer, work);
                }
            });
        } catch (RuntimeException e) {
            answer.onError(Statuses.of(e));
        }
    }

    private static <T> void answer(StreamObserver<T> answer, Supplier<T> work) {
        T response;
        try {
            response = work.get();
        } catch (RuntimeException e) {
            answer.onError(Statuses.of(e));
            return;
        }
        answer.onNext(response);
        answer.onCompleted();
    }
}
