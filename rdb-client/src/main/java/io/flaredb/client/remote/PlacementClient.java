package io.flaredb.client.remote;

import io.flaredb.bytes.Bytes;
import io.flaredb.client.InvalidRequestException;
import io.flaredb.client.RefusedException;
import io.flaredb.client.RegionInfo;
import io.flaredb.client.StoreInfo;
import io.flaredb.client.retry.Deadline;
import io.flaredb.client.retry.RetryLoop;
import io.flaredb.client.retry.RetryableException;
import io.flaredb.client.spi.Descriptions;
import io.flaredb.proto.pd.GetClusterInfoRequest;
import io.flaredb.proto.pd.GetClusterInfoResponse;
import io.flaredb.proto.pd.GetRegionRequest;
import io.flaredb.proto.pd.GetRegionResponse;
import io.flaredb.proto.pd.ListStoresRequest;
import io.flaredb.proto.pd.ListStoresResponse;
import io.flaredb.proto.pd.PlacementDriverGrpc;
import io.flaredb.proto.pd.RegionRoute;
import io.flaredb.proto.pd.ScanRegionsRequest;
import io.flaredb.proto.pd.ScanRegionsResponse;
import io.grpc.MethodDescriptor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Asks the placement driver about cluster, stores and regions. Thread-safe. */
final class PlacementClient {
    private static final int REGIONS_PER_CALL = 1_000;

    /** A call that took as long and failed did so for want of an answer. */
    private static final long HANGING_NANOS = Attempts.SHORTEST_NANOS;

    private final HostPort address;
    private final Channels channels;
    private final RetryLoop retry;
    private final Shared<Long> learning = new Shared<>();
    private volatile long clusterId; // 0: not learnt yet; never changes again

    PlacementClient(HostPort address, Channels channels, RetryLoop retry) {
        this.address = address;
        this.channels = channels;
        this.retry = retry;
    }

    /** Whom the calls go to, for a message. */
    String name() {
        return "placement driver at " + address;
    }

    HostPort address() {
        return address;
    }

    /** The cluster's id; 0 before the first answer. */
    long learntClusterId() {
        return clusterId;
    }

    CompletableFuture<Long> clusterId(Deadline deadline) {
        return ask(deadline, this::learnClusterId);
    }

    /**
     * Asks until there is an answer. An attempt waits for part of the time only: its connection may
     * be dead without knowing, and the next one goes over another.
     *
     * @param attempt given the deadline of one attempt
     */
    private <A> CompletableFuture<A> ask(
            Deadline deadline, Function<Deadline, CompletableFuture<A>> attempt) {
        Attempts attempts = new Attempts(deadline);
        return retry.run(
                deadline,
                () -> {
                    long nanos = Math.min(deadline.remainingNanos(), attempts.patienceNanos());
                    Deadline part = Deadline.after(Duration.ofNanos(nanos));
                    return attempt.apply(part)
                            .whenComplete((answer, error) -> {
                                if (error != null && part.isOver()) {
                                    attempts.wasCut();
                                }
                            });
                });
    }

    /** One attempt. */
    private CompletableFuture<Long> learnClusterId(Deadline deadline) {
        if (clusterId != 0) {
            return CompletableFuture.completedFuture(clusterId);
        }
        return learning.join(
                () ->
                        this.<GetClusterInfoRequest, GetClusterInfoResponse>once(
                                        PlacementDriverGrpc.getGetClusterInfoMethod(),
                                        GetClusterInfoRequest.getDefaultInstance(),
                                        deadline)
                                .thenApply(info -> checked(info.getClusterId())),
                deadline,
                name());
    }

    /**
     * Where a key lives; one attempt, fails with {@link RetryableException} where worth another.
     */
    CompletableFuture<RegionRoute> route(Bytes key, Deadline deadline) {
        return learnClusterId(deadline)
                .thenCompose(cluster ->
                        once(
                                PlacementDriverGrpc.getGetRegionMethod(),
                                GetRegionRequest.newBuilder()
                                        .setClusterId(cluster)
                                        .setKey(Wire.of(key))
                                        .build(),
                                deadline))
                .thenApply(this::known);
    }

    private RegionRoute known(GetRegionResponse response) {
        long cluster = checked(response.getClusterId());
        if (!response.hasRoute()) {
            throw new RetryableException(
                    "cluster " + Long.toUnsignedString(cluster) + " has no store yet");
        }
        return response.getRoute();
    }

    CompletableFuture<List<StoreInfo>> stores(Deadline deadline) {
        return ask(
                deadline,
                part ->
                        learnClusterId(part)
                                .thenCompose(cluster -> listStores(cluster, part))
                                .thenApply(this::known));
    }

    private CompletableFuture<ListStoresResponse> listStores(long cluster, Deadline deadline) {
        return once(
                PlacementDriverGrpc.getListStoresMethod(),
                ListStoresRequest.newBuilder().setClusterId(cluster).build(),
                deadline);
    }

    private List<StoreInfo> known(ListStoresResponse response) {
        checked(response.getClusterId());
        return response.getStoresList().stream().map(Descriptions::store).toList();
    }

    CompletableFuture<List<RegionInfo>> regions(Deadline deadline) {
        return regionsFrom(new ArrayList<>(), Bytes.EMPTY, deadline);
    }

    private CompletableFuture<List<RegionInfo>> regionsFrom(
            List<RegionInfo> found, Bytes startKey, Deadline deadline) {
        return ask(deadline, part -> scanRegions(startKey, part))
                .thenCompose(response -> {
                    response.getRoutesList().stream().map(Descriptions::region).forEach(found::add);
                    Bytes end =
                            response.getRoutesCount() == 0
                                    ? Bytes.EMPTY // the cluster has no regions yet
                                    : found.get(found.size() - 1).range().endExclusive();
                    return end.isEmpty()
                            ? CompletableFuture.completedFuture(List.copyOf(found))
                            : regionsFrom(found, end, deadline);
                });
    }

    /**
     * Where a region lives; one attempt.
     *
     * @throws InvalidRequestException in the future, if there is no such region
     */
    CompletableFuture<RegionRoute> routeOfRegion(long regionId, Deadline deadline) {
        return routeFrom(Bytes.EMPTY, regionId, deadline);
    }

    private CompletableFuture<RegionRoute> routeFrom(
            Bytes startKey, long regionId, Deadline deadline) {
        return scanRegions(startKey, deadline)
                .thenCompose(response -> {
                    checked(response.getClusterId());
                    Bytes end = Bytes.EMPTY;
                    for (RegionRoute route : response.getRoutesList()) {
                        if (route.getRegion().getId() == regionId) {
                            return CompletableFuture.completedFuture(route);
                        }
                        end = Wire.bytes(route.getRegion().getEndKey());
                    }
                    if (end.isEmpty()) {
                        throw new InvalidRequestException(
                                "there is no region " + Long.toUnsignedString(regionId));
                    }
                    return routeFrom(end, regionId, deadline);
                });
    }

    private CompletableFuture<ScanRegionsResponse> scanRegions(Bytes startKey, Deadline deadline) {
        return learnClusterId(deadline)
                .thenCompose(cluster ->
                        once(
                                PlacementDriverGrpc.getScanRegionsMethod(),
                                ScanRegionsRequest.newBuilder()
                                        .setClusterId(cluster)
                                        .setStartKey(Wire.of(startKey))
                                        .setLimit(REGIONS_PER_CALL)
                                        .build(),
                                deadline));
    }

    /** The first cluster that answers is the one this client is for. */
    private synchronized long checked(long answered) {
        if (clusterId == 0) {
            clusterId = answered;
        }
        if (answered != clusterId) {
            throw new RefusedException(
                    name()
                            + " belongs to cluster "
                            + Long.toUnsignedString(answered)
                            + ": this client works with cluster "
                            + Long.toUnsignedString(clusterId));
        }
        return answered;
    }

    /** A call that was begun then got no answer: the next one is to find a connection. */
    void failed(long startNanos) {
        if (System.nanoTime() - startNanos > HANGING_NANOS) {
            channels.reconnect(address);
        } else {
            channels.retryConnecting(address);
        }
    }

    private <Q, A> CompletableFuture<A> once(
            MethodDescriptor<Q, A> method, Q request, Deadline deadline) {
        long startNanos = System.nanoTime();
        return UnaryCall.start(channels.to(address), method, request, deadline.remainingNanos())
                .result()
                .handle((answer, error) -> {
                    if (error instanceof CallFailedException failed) {
                        failed(startNanos);
                        throw Failures.ofRead(name(), failed);
                    }
                    return answer;
                });
    }
}
