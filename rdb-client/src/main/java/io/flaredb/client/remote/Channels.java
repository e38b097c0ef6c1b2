package io.flaredb.client.remote;

import io.flaredb.client.retry.Deadline;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;

/** One connection for each process the client talks to. Thread-safe. */
final class Channels implements AutoCloseable {
    /** A full batch of a store's answer is 16 MiB and a few bytes for each entry. */
    private static final int MAX_MESSAGE_BYTES = 32 * 1024 * 1024;

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

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
                .build();
    }

    /**
     * Lets the next call try to connect at once: gRPC would wait up to two minutes between
     * attempts, while the retry loop has its own pauses.
     */
    void retryConnecting(HostPort address) {
        to(address).resetConnectBackoff();
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
