package io.flaredb.embedded;

import io.flaredb.pd.PlacementDriverOptions;
import io.flaredb.pd.server.PlacementDriverServer;
import io.flaredb.rpc.HostAndPort;
import io.flaredb.server.StoreOptions;
import io.flaredb.server.StoreServer;
import java.nio.file.Path;

/** A real placement driver and a real store in this process, reached over gRPC. */
final class LocalCluster implements AutoCloseable {
    private static final HostAndPort ANY_PORT = HostAndPort.parse("127.0.0.1:0");

    private final Path dataDir;
    private final StoreOptions options;
    private PlacementDriverServer placement;
    private StoreServer store;

    private LocalCluster(Path dataDir, StoreOptions options) {
        this.dataDir = dataDir;
        this.options = options;
        this.placement = startPlacement(ANY_PORT);
        this.store = startStore(ANY_PORT);
    }

    /** On free ports, with the data folders of {@code flaredb dev}. */
    static LocalCluster start(Path dataDir) {
        return start(dataDir, StoreOptions.defaults());
    }

    static LocalCluster start(Path dataDir, StoreOptions options) {
        return new LocalCluster(dataDir, options);
    }

    private PlacementDriverServer startPlacement(HostAndPort address) {
        return PlacementDriverServer.start(
                address, dataDir.resolve("pd"), PlacementDriverOptions.defaults(), failure -> {});
    }

    private StoreServer startStore(HostAndPort address) {
        return StoreServer.start(
                dataDir.resolve("store"),
                address,
                placement.address(),
                options,
                failure -> {
                    throw new AssertionError(failure);
                });
    }

    String placementAddress() {
        return placement.address().toString();
    }

    /** Stops both and starts them again at the same addresses. */
    void restart(Runnable whileDown) {
        HostAndPort placementAddress = placement.address();
        HostAndPort storeAddress = store.address();
        close();
        whileDown.run();
        placement = startPlacement(placementAddress);
        store = startStore(storeAddress);
    }

    @Override
    public void close() {
        store.close();
        placement.close();
    }
}
