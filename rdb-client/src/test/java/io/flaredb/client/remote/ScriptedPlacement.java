package io.flaredb.client.remote;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import io.flaredb.bytes.SizeLimits;
import io.flaredb.proto.meta.Peer;
import io.flaredb.proto.meta.Region;
import io.flaredb.proto.meta.RegionEpoch;
import io.flaredb.proto.meta.Store;
import io.flaredb.proto.pd.GetClusterInfoRequest;
import io.flaredb.proto.pd.GetClusterInfoResponse;
import io.flaredb.proto.pd.GetRegionRequest;
import io.flaredb.proto.pd.GetRegionResponse;
import io.flaredb.proto.pd.GetTsoRequest;
import io.flaredb.proto.pd.GetTsoResponse;
import io.flaredb.proto.pd.ListStoresRequest;
import io.flaredb.proto.pd.ListStoresResponse;
import io.flaredb.proto.pd.PlacementDriverGrpc;
import io.flaredb.proto.pd.RegionRoute;
import io.flaredb.proto.pd.ScanRegionsRequest;
import io.flaredb.proto.pd.ScanRegionsResponse;
import io.flaredb.proto.pd.StoreState;
import io.flaredb.proto.pd.StoreStats;
import io.flaredb.proto.pd.StoreStatus;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A placement driver that says what a test tells it to. */
final class ScriptedPlacement extends PlacementDriverGrpc.PlacementDriverImplBase {
    volatile long clusterId = 77;
    volatile List<RegionRoute> routes = List.of();

    volatile int routesPerAnswer = 1_000;

    /** Whether a question about cluster and regions is not answered. */
    volatile BooleanSupplier hangs = () -> false;

    /** Answers one request for timestamps; null: not at all. */
    volatile Function<GetTsoRequest, @Nullable GetTsoResponse> timestamps = this::grow;

    final AtomicInteger lookups = new AtomicInteger();
    final List<Integer> timestampCounts = new CopyOnWriteArrayList<>();
    final AtomicInteger openStreams = new AtomicInteger();
    private final AtomicLong greatest = new AtomicLong(1_000);

    GetTsoResponse grow(GetTsoRequest request) {
        long last = greatest.addAndGet(request.getCount());
        return timestamps(last - request.getCount() + 1, request.getCount());
    }

    static GetTsoResponse timestamps(long first, int count) {
        return GetTsoResponse.newBuilder().setFirst(first).setCount(count).build();
    }

    static RegionRoute route(
            long id, String start, String end, long epochVersion, long storeId, String address) {
        Peer peer = Peer.newBuilder().setId(id * 100 + storeId).setStoreId(storeId).build();
        return RegionRoute.newBuilder()
                .setRegion(
                        Region.newBuilder()
                                .setId(id)
                                .setStartKey(Wire.of(Bytes.utf8(start)))
                                .setEndKey(Wire.of(Bytes.utf8(end)))
                                .setEpoch(
                                        RegionEpoch.newBuilder()
                                                .setConfVersion(1)
                                                .setVersion(epochVersion))
                                .addPeers(peer))
                .setLeader(peer)
                .addStores(Store.newBuilder().setId(storeId).setAddress(address))
                .setAppliedIndex(12)
                .setApproximateSizeBytes(345)
                .build();
    }

    /** One region with all keys and a replica on each of the stores, which are numbered from 1. */
    static RegionRoute replicated(long epochVersion, long leader, String... addresses) {
        RegionRoute.Builder route = route(1, "", "", epochVersion, 1, addresses[0]).toBuilder();
        for (int i = 1; i < addresses.length; i++) {
            route.getRegionBuilder().addPeers(Peer.newBuilder().setId(101L + i).setStoreId(1L + i));
            route.addStores(Store.newBuilder().setId(1L + i).setAddress(addresses[i]));
        }
        return route.setLeader(route.getRegion().getPeers((int) leader - 1)).build();
    }

    /** One region with all keys on one store. */
    void everythingOn(String storeAddress) {
        routes = List.of(route(1, "", "", 1, 1, storeAddress));
    }

    @Override
    public void getClusterInfo(
            GetClusterInfoRequest request, StreamObserver<GetClusterInfoResponse> out) {
        answer(
                out,
                GetClusterInfoResponse.newBuilder()
                        .setClusterId(clusterId)
                        .setBootstrapped(!routes.isEmpty())
                        .build());
    }

    @Override
    public void getRegion(GetRegionRequest request, StreamObserver<GetRegionResponse> out) {
        lookups.incrementAndGet();
        if (request.getClusterId() != clusterId) {
            out.onError(
                    Status.FAILED_PRECONDITION
                            .withDescription("this is cluster " + clusterId)
                            .asRuntimeException());
            return;
        }
        GetRegionResponse.Builder response = GetRegionResponse.newBuilder().setClusterId(clusterId);
        Bytes key = Wire.bytes(request.getKey());
        if (key.size() > SizeLimits.MAX_KEY_BYTES) {
            out.onError(Status.INVALID_ARGUMENT.asRuntimeException());
            return;
        }
        routes.stream()
                .filter(route -> Wire.range(route.getRegion()).contains(key))
                .findFirst()
                .ifPresent(response::setRoute);
        answer(out, response.build());
    }

    @Override
    public void scanRegions(ScanRegionsRequest request, StreamObserver<ScanRegionsResponse> out) {
        KeyRange asked =
                new KeyRange(Wire.bytes(request.getStartKey()), Wire.bytes(request.getEndKey()));
        answer(
                out,
                ScanRegionsResponse.newBuilder()
                        .setClusterId(clusterId)
                        .addAllRoutes(
                                routes.stream()
                                        .filter(route ->
                                                !Wire.range(route.getRegion())
                                                        .intersect(asked)
                                                        .isEmpty())
                                        .limit(Math.min(routesPerAnswer, request.getLimit()))
                                        .toList())
                        .build());
    }

    @Override
    public void listStores(ListStoresRequest request, StreamObserver<ListStoresResponse> out) {
        ListStoresResponse.Builder response =
                ListStoresResponse.newBuilder().setClusterId(clusterId);
        routes.stream()
                .flatMap(route -> route.getStoresList().stream())
                .distinct()
                .forEach(store ->
                        response.addStores(
                                StoreStatus.newBuilder()
                                        .setStore(store)
                                        .setState(StoreState.STORE_STATE_UP)
                                        .setLastHeartbeatMs(1_000)
                                        .setStats(
                                                StoreStats.newBuilder()
                                                        .setCapacityBytes(9)
                                                        .setRegionCount(1)
                                                        .setWritable(true))));
        answer(out, response.build());
    }

    @Override
    public StreamObserver<GetTsoRequest> streamTso(StreamObserver<GetTsoResponse> out) {
        openStreams.incrementAndGet();
        return new StreamObserver<>() {
            @Override
            public void onNext(GetTsoRequest request) {
                timestampCounts.add(request.getCount());
                @Nullable GetTsoResponse response;
                try {
                    response = timestamps.apply(request);
                } catch (RuntimeException e) { // the script says: break the stream
                    out.onError(e);
                    return;
                }
                if (response != null) {
                    out.onNext(response);
                }
            }

            @Override
            public void onError(Throwable error) {
                openStreams.decrementAndGet();
            }

            @Override
            public void onCompleted() {
                openStreams.decrementAndGet();
                out.onCompleted();
            }
        };
    }

    private <A> void answer(StreamObserver<A> out, A answer) {
        if (hangs.getAsBoolean()) {
            return;
        }
        out.onNext(answer);
        out.onCompleted();
    }
}
