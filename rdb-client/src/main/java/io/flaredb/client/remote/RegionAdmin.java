package io.flaredb.client.remote;

import io.flaredb.client.FlareDbException;
import io.flaredb.client.RegionCheck;
import io.flaredb.client.UnavailableException;
import io.flaredb.client.retry.Deadline;
import io.flaredb.client.retry.RetryLoop;
import io.flaredb.client.retry.RetryableException;
import io.flaredb.proto.meta.Peer;
import io.flaredb.proto.meta.Region;
import io.flaredb.proto.region.AddPeerRequest;
import io.flaredb.proto.region.GetCheckRequest;
import io.flaredb.proto.region.GetCheckResponse;
import io.flaredb.proto.region.RemovePeerRequest;
import io.flaredb.proto.region.StartCheckRequest;
import io.flaredb.proto.region.StartCheckResponse;
import io.flaredb.proto.region.TransferLeaderRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What an operator does to a region by hand, through its leader. Thread-safe. */
final class RegionAdmin {
    /** Longest time in which a leader is looked for that starts a check. */
    private static final Duration CHECK_START = Duration.ofSeconds(10);

    /** Longest time in which a replica is asked anew that cannot be reached or is not ready. */
    private static final Duration CHECK_RETRIES = Duration.ofSeconds(2);

    private final Router router;
    private final RegionCalls regions;
    private final StoreCalls stores;
    private final RetryLoop retry;

    RegionAdmin(Router router, RegionCalls regions, StoreCalls stores, RetryLoop retry) {
        this.router = router;
        this.regions = regions;
        this.stores = stores;
        this.retry = retry;
    }

    CompletableFuture<Void> transferLeader(long regionId, long storeId, Deadline deadline) {
        return regions.onRegion(
                        regionId,
                        RegionMethods.TRANSFER_LEADER,
                        route ->
                                TransferLeaderRequest.newBuilder()
                                        .setContext(route.context())
                                        .setStoreId(storeId)
                                        .build(),
                        deadline)
                .thenAccept(done -> {});
    }

    CompletableFuture<Void> addPeer(long regionId, long storeId, Deadline deadline) {
        return regions.onRegion(
                        regionId,
                        RegionMethods.ADD_PEER,
                        route ->
                                AddPeerRequest.newBuilder()
                                        .setContext(route.context())
                                        .setStoreId(storeId)
                                        .build(),
                        deadline)
                .thenAccept(done -> {});
    }

    CompletableFuture<Void> removePeer(long regionId, long storeId, Deadline deadline) {
        return regions.onRegion(
                        regionId,
                        RegionMethods.REMOVE_PEER,
                        route ->
                                RemovePeerRequest.newBuilder()
                                        .setContext(route.context())
                                        .setStoreId(storeId)
                                        .build(),
                        deadline)
                .thenAccept(done -> {});
    }

    CompletableFuture<RegionCheck> checkRegion(long regionId, Deadline deadline) {
        return regions.onRegion(
                        regionId,
                        RegionMethods.START_CHECK,
                        route -> StartCheckRequest.newBuilder().setContext(route.context()).build(),
                        atMost(CHECK_START, deadline))
                .thenCompose(started -> collect(started, deadline));
    }

    private CompletableFuture<RegionCheck> collect(StartCheckResponse started, Deadline deadline) {
        // Less than there is, so that one replica that hangs does not cost what the others said.
        Deadline within = Deadline.after(Duration.ofNanos(deadline.remainingNanos() / 10 * 9));
        List<CompletableFuture<Answer>> answers =
                started.getRegion().getPeersList().stream()
                        .map(peer -> ask(started, peer, within))
                        .toList();
        return CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new))
                .thenApply(all ->
                        put(
                                started.getRegion(),
                                answers.stream().map(CompletableFuture::join).toList()));
    }

    /** What a replica answered, or the reason why it did not. */
    private record Answer(long storeId, GetCheckResponse response, String problem) {}

    private CompletableFuture<Answer> ask(
            StartCheckResponse started, Peer peer, Deadline deadline) {
        long storeId = peer.getStoreId();
        return retry.run(
                        atMost(CHECK_RETRIES, deadline), // an attempt may take longer
                        () ->
                                router.replica(started.getRegion(), storeId, deadline)
                                        .thenCompose(route -> once(route, started, deadline)))
                .handle((response, error) -> {
                    if (error == null) {
                        return new Answer(storeId, response, "");
                    }
                    return new Answer(
                            storeId, GetCheckResponse.getDefaultInstance(), reason(error));
                });
    }

    private static String reason(Throwable error) {
        Throwable cause = RetryLoop.unwrap(error);
        if (cause instanceof UnavailableException
                && cause.getCause() instanceof RetryableException last) {
            return String.valueOf(last.getMessage()); // not how long it was tried again
        }
        return cause instanceof FlareDbException known ? known.getMessage() : cause.toString();
    }

    private static Deadline atMost(Duration limit, Deadline deadline) {
        return deadline.remainingNanos() < limit.toNanos() ? deadline : Deadline.after(limit);
    }

    private CompletableFuture<GetCheckResponse> once(
            Route route, StartCheckResponse started, Deadline deadline) {
        return stores.askReplica(
                route,
                RegionMethods.GET_CHECK,
                GetCheckRequest.newBuilder()
                        .setContext(route.context())
                        .setCheckId(started.getCheckId())
                        .build(),
                deadline);
    }

    private static RegionCheck put(Region region, List<Answer> answers) {
        long index =
                answers.stream()
                        .filter(answer -> answer.problem().isEmpty())
                        .findFirst()
                        .map(answer -> answer.response().getIndex())
                        .orElse(0L);
        List<RegionCheck.Replica> replicas = new ArrayList<>();
        for (Answer answer : answers) {
            replicas.add(replica(answer, index));
        }
        return new RegionCheck(region.getId(), index, replicas);
    }

    private static RegionCheck.Replica replica(Answer answer, long index) {
        if (!answer.problem().isEmpty()) {
            return new RegionCheck.Missing(answer.storeId(), answer.problem());
        }
        GetCheckResponse response = answer.response();
        return response.getIndex() == index
                ? new RegionCheck.Computed(
                        answer.storeId(),
                        response.getChecksum(),
                        response.getRawRecords(),
                        response.getCasRecords())
                : new RegionCheck.Missing(
                        answer.storeId(),
                        "looked at log index "
                                + Long.toUnsignedString(response.getIndex())
                                + ", another replica at "
                                + Long.toUnsignedString(index));
    }
}
