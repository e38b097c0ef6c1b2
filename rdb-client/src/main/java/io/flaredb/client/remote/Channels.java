package io.flaredb.client.remote;

import io.flaredb.client.retry.Deadline;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;

/**
 * One connection for each process the client talks to, and the event loops they live on. The loops
 * are the client's own, so that requests to a store can be gathered on the thread that sends them.
 * Thread-safe.
 */
final class Channels implements AutoCloseable {
    /** A full batch of a store's answer is 16 MiB and a few bytes for each entry. */
    private static final int MAX_MESSAGE_BYTES = 32 * 1024 * 1024;

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    /** A host that does not say no: after that the next call may try anew. */
    private static final int CONNECT_TIMEOUT_MILLIS = 2_000;

    /** A connection with calls under way on which nothing comes is tested; gRPC's least value. */
    private static final long KEEPALIVE_SECONDS = 10;

    private static final long KEEPALIVE_TIMEOUT_SECONDS = 5;

    private static final int LOOPS = Math.min(4, Runtime.getRuntime().availableProcessors());

    private final EventLoopGroup loops =
            new MultiThreadIoEventLoopGroup(
                    LOOPS,
                    new DefaultThreadFactory("flaredb-client-io", true),
                    NioIoHandler.newFactory());
    private final ConcurrentMap<HostPort, Connection> connections = new ConcurrentHashMap<>();
    private volatile boolean closed;

    private record Connection(ManagedChannel channel, CommandQueue commands) {}

    /** The channel to a process; connects when it is first used. */
    ManagedChannel to(HostPort address) {
        return connection(address).channel();
    }

    /** The way to a store for requests that share a stream. */
    CommandQueue commands(HostPort address) {
        return connection(address).commands();
    }

    private Connection connection(HostPort address) {
        Connection connection = connections.get(address);
        if (connection == null) {
            connection = connections.computeIfAbsent(address, this::open);
        }
        if (closed) { // or closing has missed this one
            connection.channel().shutdownNow();
        }
        return connection;
    }

    private Connection open(HostPort address) {
        EventLoop loop = loops.next();
        ManagedChannel channel = channel(address, loop);
        return new Connection(channel, new CommandQueue(loop, channel));
    }

    private static ManagedChannel channel(HostPort address, EventLoop loop) {
        return NettyChannelBuilder.forAddress(address.host(), address.port())
                .eventLoopGroup(loop)
                .channelType(NioSocketChannel.class)
                .usePlaintext()
                .directExecutor() // answers are handled without blocking
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
                .keepAliveTime(KEEPALIVE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(KEEPALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .build();
    }

    /**
     * Lets the next call try to connect at once: gRPC would wait up to two minutes between
     * attempts, while the retry loop has its own pauses.
     */
    void retryConnecting(HostPort address) {
        to(address).resetConnectBackoff();
    }

    /**
     * Makes a new connection for further calls; those under way stay with the old one. A process
     * that was stopped takes none, so that calls wait here, surely unsent; and a connection may be
     * dead without knowing while the process is well.
     */
    void reconnect(HostPort address) {
        ManagedChannel channel = to(address);
        if (channel.getState(false) == ConnectivityState.READY) {
            channel.enterIdle();
        } else {
            channel.resetConnectBackoff();
        }
    }

    /** Ends all calls with UNAVAILABLE. Closing twice is fine. */
    @Override
    public void close() {
        closed = true;
        connections.values().forEach(connection -> connection.channel().shutdownNow());
        Deadline deadline = Deadline.after(CLOSE_TIMEOUT);
        try {
            for (Connection connection : connections.values()) {
                var unused =
                        connection
                                .channel()
                                .awaitTermination(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException e) { // calls have ended; only sockets may be left
            Thread.currentThread().interrupt();
        }
        loops.shutdownGracefully(0, CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    }
}
