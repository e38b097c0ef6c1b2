package io.flaredb.bench.ceiling;

import io.flaredb.bench.Workload;
import io.flaredb.bytes.Bytes;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A gRPC stream alone. A put is one message each way. A timestamp shares a message: while one is on
 * its way, those that are asked for wait, and go together in the next one.
 */
final class StreamEcho extends OneWorkload {
    private static final byte[] SHARED_MESSAGE = new byte[Integer.BYTES];

    private final ManagedChannel channel;
    private final StreamObserver<byte[]> requests;

    // All below is guarded by this.
    private final Queue<List<CompletableFuture<Long>>> sent = new ArrayDeque<>();
    private List<CompletableFuture<Long>> gathering = new ArrayList<>();
    private boolean shared;
    private @Nullable Throwable ended;

    /**
     * @param port of an {@link EchoServer}
     */
    StreamEcho(int port) {
        super("gRPC stream echo", Workload.PUT, Workload.TSO);
        this.channel = EchoChannel.open(port);
        this.requests =
                ClientCalls.asyncBidiStreamingCall(
                        channel.newCall(Echo.STREAM, CallOptions.DEFAULT), new Answers());
        put(Bytes.EMPTY, Bytes.EMPTY).join(); // to connect is not to be measured
    }

    @Override
    public CompletableFuture<?> put(Bytes key, Bytes value) {
        CompletableFuture<Long> answer = new CompletableFuture<>();
        synchronized (this) {
            if (ended != null) {
                return CompletableFuture.failedFuture(ended);
            }
            sent.add(List.of(answer));
            requests.onNext(value.unsafeArray());
        }
        return answer;
    }

    @Override
    public CompletableFuture<Long> timestamp() {
        CompletableFuture<Long> answer = new CompletableFuture<>();
        synchronized (this) {
            if (ended != null) {
                return CompletableFuture.failedFuture(ended);
            }
            gathering.add(answer);
            if (!shared) {
                send();
            }
        }
        return answer;
    }

    private synchronized void send() {
        shared = !gathering.isEmpty();
        if (shared) {
            sent.add(gathering);
            gathering = new ArrayList<>();
            requests.onNext(SHARED_MESSAGE);
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }

    private final class Answers implements StreamObserver<byte[]> {
        @Override
        public void onNext(byte[] message) {
            List<CompletableFuture<Long>> answered;
            boolean wasShared;
            synchronized (StreamEcho.this) {
                answered = sent.remove();
                wasShared = shared;
            }
            // What these ask for in turn is gathered, and goes together.
            answered.forEach(each -> each.complete(0L));
            if (wasShared) {
                send();
            }
        }

        @Override
        public void onError(Throwable failure) {
            end(failure);
        }

        @Override
        public void onCompleted() {
            end(Status.UNAVAILABLE.withDescription("the stream has ended").asException());
        }

        private void end(Throwable failure) {
            List<CompletableFuture<Long>> left = new ArrayList<>();
            synchronized (StreamEcho.this) {
                ended = failure;
                sent.forEach(left::addAll);
                sent.clear();
                left.addAll(gathering);
                gathering.clear();
            }
            left.forEach(each -> each.completeExceptionally(failure));
        }
    }
}
