package io.flaredb.server.placement;

import io.flaredb.proto.pd.BootstrapRequest;
import io.flaredb.proto.pd.BootstrapResponse;
import io.flaredb.proto.pd.RegionHeartbeatRequest;
import io.flaredb.proto.pd.RegisterStoreRequest;
import io.flaredb.proto.pd.RegisterStoreResponse;
import io.flaredb.proto.pd.StoreHeartbeatRequest;

/**
 * What a store asks of the placement driver: over gRPC, or in the same process where both are
 * embedded. Calls block.
 *
 * @see PlacementException what each call may throw
 */
public interface Placement {
    RegisterStoreResponse register(RegisterStoreRequest request);

    BootstrapResponse bootstrap(BootstrapRequest request);

    void storeHeartbeat(StoreHeartbeatRequest request);

    void regionHeartbeat(RegionHeartbeatRequest request);
}
