package io.flaredb.client.remote;

import io.flaredb.client.retry.Deadline;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;

/** One connection for each process the client talks to. Thread-safe. */
final class Channels implements AutoCloseable {
    /** A full batch of a store's answer is 16 MiB and a few bytes for each entry. */
    private static final int MAX_MESSAGE_BYTES = 32 * 1024 * 1024;

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    /** A host that does not say no: after that the next call may try anew. */
    private static final int CONNECT_TIMEOUT_MILLIS = 2_000;

    /** A connection with calls under way on which nothing comes is tested; gRPC's least value. */
    private static final long KEEPALIVE_SECONDS = 10;

    private static final long KEEPALIVE_TIMEOUT_SECONDS = 5;

    private final ConcurrentMap<HostPort, ManagedChannel> channels = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /** The channel to a process; connects when it is first used. */
    ManagedChannel to(HostPort address) {
        ManagedChannel channel = channels.computeIfAbsent(address, Channels::open);
        if (closed) { // or closing has missed this one
            channel.shutdownNow();
        }
        return channel;
    }

    private static ManagedChannel open(HostPort address) {
        return NettyChannelBuilder.forAddress(address.host(), address.port())
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
        channels.values().forEach(ManagedChannel::shutdownNow);
        Deadline deadline = Deadline.after(CLOSE_TIMEOUT);
        for (ManagedChannel channel : channels.values()) {
            try {
                var unused =
                        channel.awaitTermination(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) { // calls have ended; only sockets may be left
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
