package io.flaredb.bench.ceiling;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Connections to an {@link EchoServer}. */
final class EchoChannel {
    private EchoChannel() {}

    /** Answers on the event loop: the hand-over to another thread costs more than the echo. */
    static ManagedChannel open(int port) {
        return NettyChannelBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .usePlaintext()
                .directExecutor()
                .build();
    }
}
