package io.flaredb.rpc;

import io.grpc.BindableService;
import io.grpc.Codec;
import io.grpc.DecompressorRegistry;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.grpc.util.MutableHandlerRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A plaintext gRPC server on Netty with the health and reflection (v1) services beside its own.
 *
 * <p>Handlers run on the event loop ({@code directExecutor}): they must not block, and hand
 * anything that waits for a disk or a lock to a bounded queue of their own. Bytes on the port that
 * are not HTTP/2 close their connection and nothing else.
 *
 * <p>A graceful stop is three steps: {@link #stopAccepting()}, then the owner ends the streams it
 * keeps open (gRPC would wait for them for ever), then {@link #close()}. Thread-safe.
 */
public final class RpcServer implements AutoCloseable {
    /** Room for the largest batch of {@code SizeLimits} and what the messages around it take. */
    public static final int MAX_INBOUND_MESSAGE_BYTES = 32 * 1024 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(RpcServer.class);

    /** How often a client may ping; a more frequent one is cut off. */
    private static final Duration SHORTEST_KEEPALIVE = Duration.ofSeconds(5);

    /** A connection that has not said hello in HTTP/2 by then is closed. */
    private static final Duration HANDSHAKE_LIMIT = Duration.ofSeconds(10);

    /**
     * A client that is silent for so long is asked whether it is there, and may take as long to say
     * so; then its connection is closed and its calls are over.
     */
    private static final Duration KEEPALIVE = Duration.ofSeconds(10);

    /** None: a message of some KiB could become one of the largest size. */
    private static final DecompressorRegistry COMPRESSIONS =
            DecompressorRegistry.emptyInstance().with(Codec.Identity.NONE, false);

    private static final Duration LAST_WAIT = Duration.ofSeconds(1);

    private final Server server;
    private final HealthStatusManager health;
    private final List<String> healthNames;
    private final OpenStreams openStreams;
    private final MutableHandlerRegistry later;
    private final HostAndPort address;
    private final Duration grace;
    private final EventLoops loops;
    private final AtomicBoolean stopping = new AtomicBoolean();

    private RpcServer(
            Server server,
            HealthStatusManager health,
            List<String> healthNames,
            OpenStreams openStreams,
            MutableHandlerRegistry later,
            HostAndPort address,
            Duration grace,
            EventLoops loops) {
        this.server = server;
        this.openStreams = openStreams;
        this.later = later;
        this.health = health;
        this.healthNames = List.copyOf(healthNames);
        this.address = address;
        this.grace = grace;
        this.loops = loops;
    }

    /**
     * Listens on {@code address} and takes calls at once; the health service answers NOT_SERVING
     * until {@link #becomeReady()}.
     *
     * @param address port 0 takes any free port
     * @param grace how long {@link #close()} waits for accepted calls
     * @throws CannotListenException if the address is taken, not of this machine, or unknown
     */
    public static RpcServer start(
            HostAndPort address, List<? extends BindableService> services, Duration grace) {
        return start(address, services, grace, new EventLoops());
    }

    /**
     * The same on given loops, for services that have to know theirs.
     *
     * @param loops closed with the server, or if there comes to be none
     */
    public static RpcServer start(
            HostAndPort address,
            List<? extends BindableService> services,
            Duration grace,
            EventLoops loops) {
        return start(address, services, grace, loops, KEEPALIVE);
    }

    /** The same with less patience, for tests of clients that are silent. */
    static RpcServer start(
            HostAndPort address,
            List<? extends BindableService> services,
            Duration grace,
            EventLoops loops,
            Duration keepAlive) {
        try {
            return listen(address, services, grace, loops, keepAlive);
        } catch (CannotListenException e) {
            loops.close();
            throw e;
        }
    }

    private static RpcServer listen(
            HostAndPort address,
            List<? extends BindableService> services,
            Duration grace,
            EventLoops loops,
            Duration keepAlive) {
        InetSocketAddress socketAddress = address.resolve();
        if (socketAddress.isUnresolved()) {
            throw new CannotListenException(address, "unknown host");
        }
        HealthStatusManager health = new HealthStatusManager();
        List<String> healthNames = new ArrayList<>();
        healthNames.add(HealthStatusManager.SERVICE_NAME_ALL_SERVICES);
        OpenStreams openStreams = new OpenStreams();
        MutableHandlerRegistry later = new MutableHandlerRegistry();
        NettyServerBuilder builder =
                NettyServerBuilder.forAddress(socketAddress)
                        .bossEventLoopGroup(loops.group())
                        .workerEventLoopGroup(loops.group())
                        .channelType(NioServerSocketChannel.class)
                        .directExecutor()
                        .maxInboundMessageSize(MAX_INBOUND_MESSAGE_BYTES)
                        .decompressorRegistry(COMPRESSIONS)
                        .keepAliveTime(keepAlive.toMillis(), TimeUnit.MILLISECONDS)
                        .keepAliveTimeout(keepAlive.toMillis(), TimeUnit.MILLISECONDS)
                        .permitKeepAliveTime(SHORTEST_KEEPALIVE.toMillis(), TimeUnit.MILLISECONDS)
                        .permitKeepAliveWithoutCalls(true)
                        .handshakeTimeout(HANDSHAKE_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                        .fallbackHandlerRegistry(later)
                        .addService(
                                ServerInterceptors.intercept(
                                        health.getHealthService(), openStreams))
                        .addService(
                                ServerInterceptors.intercept(
                                        ProtoReflectionServiceV1.newInstance(), openStreams));
        for (BindableService service : services) {
            builder.addService(service);
            healthNames.add(service.bindService().getServiceDescriptor().getName());
        }
        healthNames.forEach(name -> health.setStatus(name, ServingStatus.NOT_SERVING));
        Server server = builder.build();
        try {
            server.start();
        } catch (IOException e) {
            throw new CannotListenException(address, reason(e), e);
        }
        return new RpcServer(
                server,
                health,
                healthNames,
                openStreams,
                later,
                address.withPort(server.getPort()),
                grace,
                loops);
    }

    /** Serves one more service; until now its calls were answered UNIMPLEMENTED. */
    public void add(BindableService service) {
        later.addService(service);
    }

    /** The health service says SERVING from now on: for the process ("") and each service. */
    public void becomeReady() {
        healthNames.forEach(name -> health.setStatus(name, ServingStatus.SERVING));
    }

    /** Where the server listens, with the real port. */
    public HostAndPort address() {
        return address;
    }

    /**
     * Takes no new connections and no new calls; the health service says NOT_SERVING. Streams of
     * the health and reflection services end, watches with that word; other calls that were
     * accepted go on. A second time does nothing.
     */
    public void stopAccepting() {
        if (stopping.compareAndSet(false, true)) {
            health.enterTerminalState();
            server.shutdown();
            openStreams.end();
        }
    }

    /**
     * Stops: no new calls, then waits for those accepted as long as the grace lasts, then cuts off
     * what is left. A second time does nothing. An interrupt cuts the wait short and stays set.
     */
    @Override
    public void close() {
        stopAccepting();
        try {
            if (!server.awaitTermination(grace.toNanos(), TimeUnit.NANOSECONDS)) {
                LOG.warn("calls still open {} after the stop began are cut off", grace);
                server.shutdownNow();
                server.awaitTermination(LAST_WAIT.toNanos(), TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException e) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
        loops.close();
    }

    /** Waits until the server is closed. */
    public void awaitTermination() throws InterruptedException {
        server.awaitTermination();
    }

    /** Netty's native transport wraps the cause and words it as the C library does. */
    private static String reason(IOException failure) {
        String innermost = "unknown reason";
        for (Throwable t = failure; t != null; t = t.getCause()) {
            String message = t.getMessage();
            if (message != null) {
                innermost = message;
            }
        }
        return innermost.contains("Address already in use")
                ? "the address is already in use"
                : innermost;
    }
}
