package io.flaredb.client.remote;

import io.flaredb.proto.kv.RegionContext;
import io.flaredb.proto.kv.RegionError;
import io.flaredb.proto.meta.Region;
import io.flaredb.proto.region.AddPeerRequest;
import io.flaredb.proto.region.AddPeerResponse;
import io.flaredb.proto.region.FlareRegionGrpc;
import io.flaredb.proto.region.GetCheckRequest;
import io.flaredb.proto.region.GetCheckResponse;
import io.flaredb.proto.region.RemovePeerRequest;
import io.flaredb.proto.region.RemovePeerResponse;
import io.flaredb.proto.region.StartCheckRequest;
import io.flaredb.proto.region.StartCheckResponse;
import io.flaredb.proto.region.TransferLeaderRequest;
import io.flaredb.proto.region.TransferLeaderResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A store's care for regions, in words only: notes what it is asked for. */
final class ScriptedRegions extends FlareRegionGrpc.FlareRegionImplBase {
    /** "transfer 2", "add 4", "remove 3", "start". */
    final List<String> asked = new CopyOnWriteArrayList<>();

    final List<RegionContext> contexts = new CopyOnWriteArrayList<>();

    volatile @Nullable RegionError refusal;
    volatile @Nullable Status failure;
    volatile Region region = Region.getDefaultInstance();
    volatile @Nullable GetCheckResponse check = // null: no answer
            GetCheckResponse.getDefaultInstance();

    private <A> void serve(
            String what, RegionContext context, StreamObserver<A> out, A refused, A done) {
        contexts.add(context);
        Status failed = failure;
        if (failed != null) {
            asked.add(what);
            out.onError(failed.asRuntimeException());
            return;
        }
        if (refusal == null) {
            asked.add(what);
        }
        out.onNext(refusal == null ? done : refused);
        out.onCompleted();
    }

    private RegionError error() {
        RegionError error = refusal;
        return error == null ? RegionError.getDefaultInstance() : error;
    }

    @Override
    public void transferLeader(
            TransferLeaderRequest request, StreamObserver<TransferLeaderResponse> out) {
        serve(
                "transfer " + request.getStoreId(),
                request.getContext(),
                out,
                TransferLeaderResponse.newBuilder().setRegionError(error()).build(),
                TransferLeaderResponse.getDefaultInstance());
    }

    @Override
    public void addPeer(AddPeerRequest request, StreamObserver<AddPeerResponse> out) {
        serve(
                "add " + request.getStoreId(),
                request.getContext(),
                out,
                AddPeerResponse.newBuilder().setRegionError(error()).build(),
                AddPeerResponse.getDefaultInstance());
    }

    @Override
    public void removePeer(RemovePeerRequest request, StreamObserver<RemovePeerResponse> out) {
        serve(
                "remove " + request.getStoreId(),
                request.getContext(),
                out,
                RemovePeerResponse.newBuilder().setRegionError(error()).build(),
                RemovePeerResponse.getDefaultInstance());
    }

    @Override
    public void startCheck(StartCheckRequest request, StreamObserver<StartCheckResponse> out) {
        serve(
                "start",
                request.getContext(),
                out,
                StartCheckResponse.newBuilder().setRegionError(error()).build(),
                StartCheckResponse.newBuilder().setCheckId(5).setRegion(region).build());
    }

    @Override
    public void getCheck(GetCheckRequest request, StreamObserver<GetCheckResponse> out) {
        GetCheckResponse answer = check;
        if (request.getCheckId() != 5) {
            out.onError(Status.INVALID_ARGUMENT.asRuntimeException());
        } else if (answer != null) {
            out.onNext(answer);
            out.onCompleted();
        }
    }
}
