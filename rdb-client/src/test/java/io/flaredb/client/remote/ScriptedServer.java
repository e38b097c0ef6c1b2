package io.flaredb.client.remote;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A real gRPC server on a loopback port that can go away and come back. */
final class ScriptedServer implements AutoCloseable {
    private final List<BindableService> services;
    private final int port;
    private Server server;

    private ScriptedServer(List<BindableService> services, int port) {
        this.services = services;
        this.port = port;
        this.server = listen(services, port);
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

    private static Server listen(List<BindableService> services, int port) {
        try {
            NettyServerBuilder builder =
                    NettyServerBuilder.forAddress(
                                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                            .maxInboundMessageSize(32 * 1024 * 1024);
            services.forEach(builder::addService);
            return builder.build().start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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
        server = listen(services, port);
    }

    @Override
    public void close() {
        goAway();
    }
}
