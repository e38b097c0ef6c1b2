package io.flaredb.client.remote;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One request, one answer, and the knowledge whether the request may have left this process. */
final class UnaryCall<A> implements StreamObserver<A> {
    private final CompletableFuture<A> result = new CompletableFuture<>();
    private final ClientCall<?, A> call;
    private final SendWatch sendWatch;
    private @Nullable A answer; // gRPC calls one method after the other

    private UnaryCall(ClientCall<?, A> call, SendWatch sendWatch) {
        this.call = call;
        this.sendWatch = sendWatch;
    }

    /**
     * @param timeoutNanos after which it fails with DEADLINE_EXCEEDED
     */
    static <Q, A> UnaryCall<A> start(
            Channel channel, MethodDescriptor<Q, A> method, Q request, long timeoutNanos) {
        SendWatch sendWatch = new SendWatch();
        ClientCall<Q, A> call =
                channel.newCall(
                        method,
                        CallOptions.DEFAULT
                                .withDeadlineAfter(timeoutNanos, TimeUnit.NANOSECONDS)
                                .withStreamTracerFactory(sendWatch));
        UnaryCall<A> started = new UnaryCall<>(call, sendWatch);
        ClientCalls.asyncUnaryCall(call, request, started);
        return started;
    }

    /** Fails with a {@link CallFailedException}. */
    CompletableFuture<A> result() {
        return result;
    }

    /**
     * Ends the call if it still waits for a connection. Should it be sent this very moment, its
     * failure says so.
     *
     * @return false: it may have been sent, and goes on
     */
    boolean cancelUnlessSent() {
        if (sendWatch.maybeSent()) {
            return false;
        }
        call.cancel("no connection could be made", null);
        return true;
    }

    @Override
    public void onNext(A answer) {
        this.answer = answer;
    }

    @Override
    public void onError(Throwable error) {
        result.completeExceptionally(
                new CallFailedException(Status.fromThrowable(error), sendWatch.maybeSent()));
    }

    @Override
    public void onCompleted() {
        A answer = this.answer;
        if (answer == null) {
            onError(Status.INTERNAL.withDescription("no answer").asRuntimeException());
        } else {
            result.complete(answer);
        }
    }
}
