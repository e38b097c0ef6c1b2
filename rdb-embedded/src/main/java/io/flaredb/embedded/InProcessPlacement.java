package io.flaredb.embedded;

import io.flaredb.bytes.Bytes;
import io.flaredb.pd.PlacementDriver;
import io.flaredb.pd.PlacementDriverException;
import io.flaredb.proto.meta.Region;
import io.flaredb.proto.pd.BootstrapRequest;
import io.flaredb.proto.pd.BootstrapResponse;
import io.flaredb.proto.pd.RegionHeartbeatRequest;
import io.flaredb.proto.pd.RegionHeartbeatResponse;
import io.flaredb.proto.pd.RegionRoute;
import io.flaredb.proto.pd.RegisterStoreRequest;
import io.flaredb.proto.pd.RegisterStoreResponse;
import io.flaredb.proto.pd.StoreHeartbeatRequest;
import io.flaredb.proto.pd.StoreStatus;
import io.flaredb.server.placement.Placement;
import io.flaredb.server.placement.PlacementException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The placement driver of the same process, as a store asks it. Thread-safe. */
record InProcessPlacement(PlacementDriver driver) implements Placement {
    @Override
    public RegisterStoreResponse register(RegisterStoreRequest request) {
        return ask(() -> driver.registerStore(request));
    }

    @Override
    public BootstrapResponse bootstrap(BootstrapRequest request) {
        return ask(() -> driver.bootstrap(request));
    }

    @Override
    public void storeHeartbeat(StoreHeartbeatRequest request) {
        ask(() -> {
            driver.storeHeartbeat(request);
            return true;
        });
    }

    @Override
    public RegionHeartbeatResponse regionHeartbeat(RegionHeartbeatRequest request) {
        return ask(() -> driver.regionHeartbeat(request));
    }

    @Override
    public long allocatePeerId(long clusterId) {
        return ask(driver::allocatePeerId);
    }

    @Override
    public List<StoreStatus> stores(long clusterId) {
        return ask(driver::stores);
    }

    @Override
    public Optional<Region> region(long clusterId, Bytes key) {
        return ask(() -> driver.route(key).map(RegionRoute::getRegion));
    }

    private static <A> A ask(Supplier<A> question) {
        try {
            return question.get();
        } catch (PlacementDriverException e) {
            String message = String.valueOf(e.getMessage());
            throw switch (e) {
                case PlacementDriverException.Unavailable _ ->
                        PlacementException.unreachable(message, e);
                case PlacementDriverException.AddressTaken _ ->
                        PlacementException.notYet(message, e);
                case PlacementDriverException.InvalidRequest _,
                        PlacementDriverException.WrongCluster _,
                        PlacementDriverException.OtherFirstRegions _,
                        PlacementDriverException.NotFound _ ->
                        PlacementException.refused(message, e);
            };
        }
    }
}
