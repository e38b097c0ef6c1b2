package io.flaredb.bench.ceiling;

import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** A process that serves {@link Echo} on a free port of the loopback until its input ends. */
final class EchoServer {
    private EchoServer() {}

    /** Prints the port, then serves until stdin ends, which it does when its parent ends. */
    public static void main(String[] args) throws IOException {
        Server server =
                NettyServerBuilder.forAddress(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .directExecutor()
                        .addService(service())
                        .build()
                        .start();
        System.out.println(server.getPort());
        while (System.in.read() >= 0) {
            // Nobody writes; the end is what counts.
        }
        server.shutdownNow();
    }

    private static ServerServiceDefinition service() {
        return ServerServiceDefinition.builder(Echo.SERVICE)
                .addMethod(
                        Echo.UNARY,
                        ServerCalls.asyncUnaryCall((request, answer) -> {
                            answer.onNext(request);
                            answer.onCompleted();
                        }))
                .addMethod(Echo.STREAM, ServerCalls.asyncBidiStreamingCall(EchoServer::stream))
                .build();
    }

    private static StreamObserver<byte[]> stream(StreamObserver<byte[]> answers) {
        return new StreamObserver<>() {
            @Override
            public void onNext(byte[] message) {
                answers.onNext(message);
            }

            @Override
            public void onError(Throwable failure) {} // the client is gone

            @Override
            public void onCompleted() {
                answers.onCompleted();
            }
        };
    }
}
