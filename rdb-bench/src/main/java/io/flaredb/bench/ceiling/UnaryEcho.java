package io.flaredb.bench.ceiling;

import io.flaredb.bench.Workload;
import io.flaredb.bytes.Bytes;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** gRPC alone: each put is a call of its own that gives the value back. */
final class UnaryEcho extends OneWorkload {
    private final ManagedChannel channel;

    /**
     * @param port of an {@link EchoServer}
     */
    UnaryEcho(int port) {
        super("gRPC unary echo", Workload.PUT);
        this.channel = EchoChannel.open(port);
        put(Bytes.EMPTY, Bytes.EMPTY).join(); // to connect is not to be measured
    }

    @Override
    public CompletableFuture<?> put(Bytes key, Bytes value) {
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        ClientCalls.asyncUnaryCall(
                channel.newCall(Echo.UNARY, CallOptions.DEFAULT),
                value.unsafeArray(),
                new StreamObserver<>() {
                    private byte @Nullable [] received;

                    @Override
                    public void onNext(byte[] message) {
                        received = message;
                    }

                    @Override
                    public void onError(Throwable failure) {
                        answer.completeExceptionally(failure);
                    }

                    @Override
                    public void onCompleted() {
                        answer.complete(received == null ? new byte[0] : received);
                    }
                });
        return answer;
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
