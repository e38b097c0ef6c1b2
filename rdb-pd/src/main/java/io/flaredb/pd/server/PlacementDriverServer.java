package io.flaredb.pd.server;

import io.flaredb.pd.PlacementDriver;
import io.flaredb.pd.PlacementDriverOptions;
import io.flaredb.rpc.HostAndPort;
import io.flaredb.rpc.RpcServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** A placement driver that listens: a {@link PlacementDriver} behind gRPC. Thread-safe. */
public final class PlacementDriverServer implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final PlacementDriver driver;
    private final PlacementDriverService service;
    private final RpcServer rpc;

    private PlacementDriverServer(
            PlacementDriver driver, PlacementDriverService service, RpcServer rpc) {
        this.driver = driver;
        this.service = service;
        this.rpc = rpc;
    }

    /**
     * Opens the data folder and listens; requests are answered once this returns.
     *
     * @param address port 0 takes any free port
     * @param onFatal as for {@link PlacementDriver#open}
     * @throws io.flaredb.storage.StorageException if the data folder cannot be used
     * @throws io.flaredb.rpc.CannotListenException if the address cannot
     */
    public static PlacementDriverServer start(
            HostAndPort address,
            Path dataDir,
            PlacementDriverOptions options,
            Consumer<Throwable> onFatal) {
        PlacementDriver driver = PlacementDriver.open(dataDir, options, onFatal);
        PlacementDriverService service = new PlacementDriverService(driver);
        try {
            RpcServer rpc = RpcServer.start(address, List.of(service), GRACE);
            rpc.becomeReady();
            return new PlacementDriverServer(driver, service, rpc);
        } catch (RuntimeException e) {
            service.finish(GRACE);
            driver.close();
            throw e;
        }
    }

    /** Where it listens, with the real port. */
    public HostAndPort address() {
        return rpc.address();
    }

    /** The cluster it serves; never 0. */
    public long clusterId() {
        return driver.clusterId();
    }

    /** Whether any store has ever joined the cluster. */
    public boolean hasStores() {
        return !driver.stores().isEmpty();
    }

    /** Waits until it is closed. */
    public void awaitTermination() throws InterruptedException {
        rpc.awaitTermination();
    }

    /**
     * Takes no more requests, ends the streams, finishes what was accepted (for some seconds at
     * most), and closes the data folder. A second time does nothing.
     */
    @Override
    public void close() {
        rpc.stopAccepting();
        service.finish(GRACE);
        rpc.close();
        driver.close();
    }
}
