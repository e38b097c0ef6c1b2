package io.flaredb.client.remote;

import io.flaredb.client.retry.Deadline;
import io.grpc.CallOptions;
import io.grpc.Channel;
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
    private final SendWatch sendWatch = new SendWatch();
    private @Nullable A answer; // gRPC calls one method after the other

    private UnaryCall() {}

    /** The future fails with a {@link CallFailedException}. */
    static <Q, A> CompletableFuture<A> start(
            Channel channel, MethodDescriptor<Q, A> method, Q request, Deadline deadline) {
        UnaryCall<A> call = new UnaryCall<>();
        CallOptions options =
                CallOptions.DEFAULT
                        .withDeadlineAfter(deadline.remainingNanos(), TimeUnit.NANOSECONDS)
                        .withStreamTracerFactory(call.sendWatch);
        ClientCalls.asyncUnaryCall(channel.newCall(method, options), request, call);
        return call.result;
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
