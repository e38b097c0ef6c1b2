package io.flaredb.client.remote;

import io.flaredb.client.remote.StoreMethod.Effect;
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

/** The methods of the store's service for whoever looks after regions. */
final class RegionMethods {
    static final StoreMethod<TransferLeaderRequest, TransferLeaderResponse> TRANSFER_LEADER =
            new StoreMethod<>(
                    new Way.Alone<>(FlareRegionGrpc.getTransferLeaderMethod()),
                    Effect.CHANGE,
                    a -> a.hasRegionError() ? a.getRegionError() : null);

    static final StoreMethod<AddPeerRequest, AddPeerResponse> ADD_PEER =
            new StoreMethod<>(
                    new Way.Alone<>(FlareRegionGrpc.getAddPeerMethod()),
                    Effect.CHANGE,
                    a -> a.hasRegionError() ? a.getRegionError() : null);

    static final StoreMethod<RemovePeerRequest, RemovePeerResponse> REMOVE_PEER =
            new StoreMethod<>(
                    new Way.Alone<>(FlareRegionGrpc.getRemovePeerMethod()),
                    Effect.CHANGE,
                    a -> a.hasRegionError() ? a.getRegionError() : null);

    static final StoreMethod<StartCheckRequest, StartCheckResponse> START_CHECK =
            new StoreMethod<>(
                    new Way.Alone<>(FlareRegionGrpc.getStartCheckMethod()),
                    Effect.NONE, // one check too many does no harm
                    a -> a.hasRegionError() ? a.getRegionError() : null);

    static final StoreMethod<GetCheckRequest, GetCheckResponse> GET_CHECK =
            new StoreMethod<>(
                    new Way.Alone<>(FlareRegionGrpc.getGetCheckMethod()),
                    Effect.NONE,
                    a -> a.hasRegionError() ? a.getRegionError() : null);

    private RegionMethods() {}
}
