package io.flaredb.server;

import io.flaredb.rpc.EventLoops;
import io.flaredb.rpc.HostAndPort;
import io.flaredb.rpc.RpcServer;
import io.flaredb.server.placement.PlacementException;
import io.flaredb.server.placement.RemotePlacement;
import io.flaredb.server.read.ReadPool;
import io.flaredb.server.rpc.KvService;
import io.flaredb.server.rpc.RegionService;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A store that serves over gRPC and is a member of a placement driver's cluster. Thread-safe. */
public final class StoreServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(StoreServer.class);

    /** A wait this short is told to nobody: things that start together find each other. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final long JOIN_RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final StoreNode node;
    private final ReadPool reads;
    private final KvService keys;
    private final RpcServer server;
    private final RemotePlacement placement;
    private final Duration grace;

    private StoreServer(
            StoreNode node,
            ReadPool reads,
            KvService keys,
            RpcServer server,
            RemotePlacement placement,
            Duration grace) {
        this.node = node;
        this.reads = reads;
        this.keys = keys;
        this.server = server;
        this.placement = placement;
        this.grace = grace;
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
     * @throws CancellationException if this thread is interrupted while the store joins, whose flag
     *     is cleared as {@link InterruptedException} does it
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
        EventLoops loops = new EventLoops();
        KvService keys = new KvService(node, reads, onFatal, loops);
        RpcServer server;
        try {
            // Listening comes before joining: the real port is what gets registered. Until then
            // the node has no regions to answer for.
            server = RpcServer.start(listen, List.of(keys), options.stopGrace(), loops);
        } catch (RuntimeException e) {
            placement.close();
            reads.close();
            node.close();
            throw e;
        }
        StoreServer started =
                new StoreServer(node, reads, keys, server, placement, options.stopGrace());
        try {
            started.join(dataDir, options);
            server.add(node.replication());
            server.add(new RegionService(node));
            node.start();
            // So that who starts a store and then asks it need not be told to wait; but a majority
            // may be down for long, and then it is better to say so than to say nothing.
            node.awaitLeaders(options.electionTimeout().multipliedBy(3));
            server.becomeReady();
            return started;
        } catch (RuntimeException e) {
            started.close();
            throw e;
        }
    }

    private void join(Path dataDir, StoreOptions options) {
        long startNanos = System.nanoTime();
        long deadlineNanos = startNanos + options.joinTimeout().toNanos();
        String told = "";
        while (true) {
            String waitingFor;
            String why = "";
            try {
                int missing = node.join(placement, server.address().toString());
                if (missing == 0) {
                    return;
                }
                waitingFor =
                        missing
                                + (missing == 1 ? " more store" : " more stores")
                                + " to begin the cluster with";
                // However long it takes: the placement driver is there, and so is this store.
                deadlineNanos = System.nanoTime() + options.joinTimeout().toNanos();
            } catch (PlacementException e) {
                if (!e.isWorthRepeating()) {
                    throw e.isRefusal() ? e.about("data folder " + dataDir) : e;
                }
                if (System.nanoTime() - deadlineNanos >= 0) {
                    throw e;
                }
                waitingFor = "the placement driver";
                why = ": " + e.getMessage(); // its words may differ each time
            }
            boolean worthTelling = System.nanoTime() - startNanos >= PATIENCE_NANOS;
            if (worthTelling && !waitingFor.equals(told)) {
                log.warn("waiting for {}{}", waitingFor, why);
                told = waitingFor;
            }
            LockSupport.parkNanos(JOIN_RETRY_NANOS);
            if (Thread.interrupted()) {
                throw new CancellationException("interrupted while waiting for " + waitingFor);
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
     * Stops: takes no new writes, hands leadership over, takes no new calls, answers what was
     * accepted, makes accepted writes durable, closes the data folder. Writes, reads and calls are
     * each waited for as long as {@link StoreOptions#stopGrace} at most.
     */
    @Override
    public void close() {
        node.handOver(); // while clients are still told who leads then
        server.stopAccepting();
        keys.endStreams(); // each once its requests are answered
        reads.finish(grace);
        node.close(); // ends the streams from other stores, which the server would wait for
        server.close();
        placement.close();
    }
}
