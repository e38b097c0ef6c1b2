package io.flaredb.server.placement;

import io.flaredb.bytes.Bytes;
import io.flaredb.proto.meta.Region;
import io.flaredb.proto.pd.BootstrapRequest;
import io.flaredb.proto.pd.BootstrapResponse;
import io.flaredb.proto.pd.RegionHeartbeatRequest;
import io.flaredb.proto.pd.RegionHeartbeatResponse;
import io.flaredb.proto.pd.RegisterStoreRequest;
import io.flaredb.proto.pd.RegisterStoreResponse;
import io.flaredb.proto.pd.StoreHeartbeatRequest;
import io.flaredb.proto.pd.StoreStatus;
import java.util.List;
import java.util.Optional;

/**
 * The placement driver as a store sees it. Methods block until they are answered, are safe from any
 * thread, and throw {@link PlacementException} when refused or unreachable.
 */
public interface Placement {
    RegisterStoreResponse register(RegisterStoreRequest request);

    BootstrapResponse bootstrap(BootstrapRequest request);

    void storeHeartbeat(StoreHeartbeatRequest request);

    RegionHeartbeatResponse regionHeartbeat(RegionHeartbeatRequest request);

    /** An id that no peer ever had. */
    long allocatePeerId(long clusterId);

    /** All stores. */
    List<StoreStatus> stores(long clusterId);

    /** The region that holds a key, as the placement driver knows it. */
    Optional<Region> region(long clusterId, Bytes key);
}
