package io.flaredb.client.remote;

import io.grpc.Attributes;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.ServerTransportFilter;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A real gRPC server on a loopback port that can go away and come back. */
final class ScriptedServer implements AutoCloseable {
    /** How many were made since the first start. */
    final AtomicInteger connections = new AtomicInteger();

    private final List<BindableService> services;
    private final int port;
    private Server server;

    private ScriptedServer(List<BindableService> services, int port) {
        this.services = services;
        this.port = port;
        this.server = listen();
    }

    static ScriptedServer start(BindableService... services) {
        return new ScriptedServer(List.of(services), freePort());
    }

    /** A port nobody listens on. */
    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Server listen() {
        try {
            NettyServerBuilder builder =
                    NettyServerBuilder.forAddress(
                                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                            .maxInboundMessageSize(32 * 1024 * 1024)
                            .addTransportFilter(new CountConnections());
            services.forEach(builder::addService);
            return builder.build().start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private final class CountConnections extends ServerTransportFilter {
        @Override
        public Attributes transportReady(Attributes attributes) {
            connections.incrementAndGet();
            return attributes;
        }
    }

    String address() {
        return "127.0.0.1:" + port;
    }

    /** Breaks all connections and stops listening. */
    void goAway() {
        server.shutdownNow();
        try {
            server.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    void comeBack() {
        server = listen();
    }

    @Override
    public void close() {
        goAway();
    }
}
