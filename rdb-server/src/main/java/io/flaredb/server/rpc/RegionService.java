package io.flaredb.server.rpc;

import io.flaredb.proto.kv.RegionError;
import io.flaredb.proto.region.AddPeerRequest;
import io.flaredb.proto.region.AddPeerResponse;
import io.flaredb.proto.region.CreateReplicaRequest;
import io.flaredb.proto.region.CreateReplicaResponse;
import io.flaredb.proto.region.DestroyReplicaRequest;
import io.flaredb.proto.region.DestroyReplicaResponse;
import io.flaredb.proto.region.FlareRegionGrpc.FlareRegionImplBase;
import io.flaredb.proto.region.GetCheckRequest;
import io.flaredb.proto.region.GetCheckResponse;
import io.flaredb.proto.region.RemovePeerRequest;
import io.flaredb.proto.region.RemovePeerResponse;
import io.flaredb.proto.region.StartCheckRequest;
import io.flaredb.proto.region.StartCheckResponse;
import io.flaredb.proto.region.TransferLeaderRequest;
import io.flaredb.proto.region.TransferLeaderResponse;
import io.flaredb.server.StoreNode;
import io.flaredb.server.log.LogEntry;
import io.flaredb.server.log.RegionChecks;
import io.flaredb.server.region.ChangeFailedException;
import io.flaredb.server.region.RegionPeer;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.stub.StreamObserver;
import java.security.SecureRandom;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The store's service of regionpb.proto. Thread-safe. Its calls are rare and may take long: each
 * has a virtual thread.
 */
public final class RegionService extends FlareRegionImplBase {
    /** How long a call without a deadline waits for a check. */
    private static final long CHECK_MINUTES = 10;

    private final StoreNode node;
    private final SecureRandom random = new SecureRandom();

    public RegionService(StoreNode node) {
        this.node = node;
    }

    @Override
    public void transferLeader(
            TransferLeaderRequest request, StreamObserver<TransferLeaderResponse> out) {
        run(
                out,
                error -> TransferLeaderResponse.newBuilder().setRegionError(error).build(),
                () -> {
                    RegionPeer region = node.region(request.getContext());
                    node.changes().transferLeader(region, request.getStoreId());
                    return TransferLeaderResponse.getDefaultInstance();
                });
    }

    @Override
    public void addPeer(AddPeerRequest request, StreamObserver<AddPeerResponse> out) {
        run(
                out,
                error -> AddPeerResponse.newBuilder().setRegionError(error).build(),
                () -> {
                    RegionPeer region = node.region(request.getContext());
                    return AddPeerResponse.newBuilder()
                            .setRegion(node.changes().addPeer(region, request.getStoreId()))
                            .build();
                });
    }

    @Override
    public void removePeer(RemovePeerRequest request, StreamObserver<RemovePeerResponse> out) {
        run(
                out,
                error -> RemovePeerResponse.newBuilder().setRegionError(error).build(),
                () -> {
                    RegionPeer region = node.region(request.getContext());
                    return RemovePeerResponse.newBuilder()
                            .setRegion(node.changes().removePeer(region, request.getStoreId()))
                            .build();
                });
    }

    @Override
    public void startCheck(StartCheckRequest request, StreamObserver<StartCheckResponse> out) {
        run(
                out,
                error -> StartCheckResponse.newBuilder().setRegionError(error).build(),
                () -> {
                    RegionPeer region = node.region(request.getContext());
                    long checkId = random.nextLong();
                    region.propose(new LogEntry.Check(checkId)).join();
                    return StartCheckResponse.newBuilder()
                            .setCheckId(checkId)
                            .setRegion(region.descriptor())
                            .build();
                });
    }

    @Override
    public void getCheck(GetCheckRequest request, StreamObserver<GetCheckResponse> out) {
        Deadline deadline = Context.current().getDeadline(); // of this thread alone
        run(
                out,
                error -> GetCheckResponse.newBuilder().setRegionError(error).build(),
                () -> {
                    RegionPeer region = node.replica(request.getContext());
                    var result = awaitCheck(region, request.getCheckId(), deadline);
                    return GetCheckResponse.newBuilder()
                            .setIndex(result.index())
                            .setChecksum(result.digest().checksum())
                            .setRawRecords(result.digest().rawRecords())
                            .setCasRecords(result.digest().casRecords())
                            .build();
                });
    }

    /** A large region takes minutes: who asks knows best how long to wait. */
    private static RegionChecks.Result awaitCheck(
            RegionPeer region, long checkId, @Nullable Deadline deadline) {
        long nanos =
                deadline == null
                        ? TimeUnit.MINUTES.toNanos(CHECK_MINUTES)
                        : deadline.timeRemaining(TimeUnit.NANOSECONDS);
        try {
            return region.checks().get(checkId).get(nanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new ChangeFailedException(
                    "the replica has not come to the check in time, or not to its end", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ChangeFailedException("interrupted", e);
        } catch (ExecutionException e) {
            throw new CompletionException(e.getCause());
        }
    }

    @Override
    public void createReplica(
            CreateReplicaRequest request, StreamObserver<CreateReplicaResponse> out) {
        run(
                out,
                RegionService::unexpected,
                () -> {
                    node.createReplica(
                            request.getClusterId(), request.getRegion(), request.getPeer());
                    return CreateReplicaResponse.getDefaultInstance();
                });
    }

    @Override
    public void destroyReplica(
            DestroyReplicaRequest request, StreamObserver<DestroyReplicaResponse> out) {
        run(
                out,
                RegionService::unexpected,
                () -> {
                    node.destroyReplica(
                            request.getClusterId(), request.getRegion(), request.getPeer());
                    return DestroyReplicaResponse.getDefaultInstance();
                });
    }

    private static <R> R unexpected(RegionError error) {
        throw new IllegalArgumentException("the store refuses: " + error);
    }

    private static <R> void run(
            StreamObserver<R> out, Function<RegionError, R> refused, Supplier<R> work) {
        Answer<R> answer = new Answer<>(out, refused);
        Thread.ofVirtual()
                .name("region-change")
                .start(() -> {
                    try {
                        answer.send(work.get());
                    } catch (RuntimeException e) {
                        answer.fail(e);
                    }
                });
    }
}
