package io.flaredb.server;

import io.flaredb.rpc.HostAndPort;
import io.flaredb.rpc.RpcServer;
import io.flaredb.server.placement.PlacementException;
import io.flaredb.server.placement.RemotePlacement;
import io.flaredb.server.read.ReadPool;
import io.flaredb.server.rpc.KvService;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A store that serves over gRPC and is a member of a placement driver's cluster. Thread-safe. */
public final class StoreServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(StoreServer.class);
    private static final long JOIN_RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final StoreNode node;
    private final ReadPool reads;
    private final RpcServer server;
    private final RemotePlacement placement;

    private StoreServer(
            StoreNode node, ReadPool reads, RpcServer server, RemotePlacement placement) {
        this.node = node;
        this.reads = reads;
        this.server = server;
        this.placement = placement;
    }

    /**
     * Opens the data folder, listens, and joins the cluster; returns once clients are served.
     *
     * @param listen port 0 takes any free port
     * @param placementDriver waited for as long as {@link StoreOptions#joinTimeout()} says
     * @param onFatal as for {@link StoreNode#open}
     * @throws io.flaredb.storage.StorageException if the folder is in use, not a store's, or
     *     corrupt
     * @throws io.flaredb.rpc.CannotListenException if the address is taken
     * @throws PlacementException if the placement driver refuses the store or does not answer
     */
    public static StoreServer start(
            Path dataDir,
            HostAndPort listen,
            HostAndPort placementDriver,
            StoreOptions options,
            Consumer<Throwable> onFatal) {
        StoreNode node = StoreNode.open(dataDir, options, onFatal);
        ReadPool reads = new ReadPool(options.reads());
        RemotePlacement placement = new RemotePlacement(placementDriver);
        RpcServer server;
        try {
            // Listening comes before joining: the real port is what gets registered. Until then
            // the node has no regions to answer for.
            server =
                    RpcServer.start(
                            listen,
                            List.of(new KvService(node, reads, onFatal)),
                            options.stopGrace());
        } catch (RuntimeException e) {
            placement.close();
            reads.close();
            node.close();
            throw e;
        }
        StoreServer started = new StoreServer(node, reads, server, placement);
        try {
            started.join(dataDir, options);
            server.becomeReady();
            return started;
        } catch (RuntimeException e) {
            started.close();
            throw e;
        }
    }

    private void join(Path dataDir, StoreOptions options) {
        long deadlineNanos = System.nanoTime() + options.joinTimeout().toNanos();
        boolean told = false;
        while (true) {
            try {
                node.join(placement, server.address().toString(), options.heartbeatInterval());
                return;
            } catch (PlacementException e) {
                if (!e.isUnreachable()) {
                    throw e.about("data folder " + dataDir);
                }
                if (System.nanoTime() - deadlineNanos >= 0) {
                    throw e;
                }
                if (!told) {
                    log.warn("waiting for the placement driver: {}", e.getMessage());
                    told = true;
                }
                LockSupport.parkNanos(JOIN_RETRY_NANOS);
            }
        }
    }

    /** Where clients are served, with the real port. */
    public HostAndPort address() {
        return server.address();
    }

    /** The store behind this server. */
    public StoreNode node() {
        return node;
    }

    /**
     * Stops: no new calls, answers what was accepted, makes accepted writes durable, closes the
     * data folder.
     */
    @Override
    public void close() {
        server.close();
        reads.close();
        node.close();
        placement.close();
    }
}
