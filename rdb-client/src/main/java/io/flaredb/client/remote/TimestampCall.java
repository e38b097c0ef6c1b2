package io.flaredb.client.remote;

import io.flaredb.proto.pd.GetTsoRequest;
import io.flaredb.proto.pd.GetTsoResponse;
import io.flaredb.proto.pd.PlacementDriverGrpc;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import org.jspecify.annotations.Nullable;

/**
 * One gRPC stream of timestamps, from its first message to its end.
 *
 * <p>{@link #ask} must not be called by two threads at once; {@link #cancel} may come from any.
 */
final class TimestampCall implements ClientResponseObserver<GetTsoRequest, GetTsoResponse> {
    private final Channel channel;
    private final Listener listener;
    private final SendWatch sendWatch = new SendWatch();
    private volatile @Nullable ClientCallStreamObserver<GetTsoRequest> requests;
    private volatile boolean cancelled;

    /** Told of what comes back, one thing after the other, on gRPC's threads. */
    interface Listener {
        void answered(TimestampCall by, GetTsoResponse response);

        /** Nothing comes any more; may be told more than once. */
        void ended(TimestampCall by, CallFailedException failure);
    }

    TimestampCall(Channel channel, Listener listener) {
        this.channel = channel;
        this.listener = listener;
    }

    /** Sends one request; the first one opens the stream. */
    void ask(int count) {
        try {
            ClientCallStreamObserver<GetTsoRequest> out = requests;
            if (out == null) {
                CallOptions options = CallOptions.DEFAULT.withStreamTracerFactory(sendWatch);
                out =
                        (ClientCallStreamObserver<GetTsoRequest>)
                                ClientCalls.asyncBidiStreamingCall(
                                        channel.newCall(
                                                PlacementDriverGrpc.getStreamTsoMethod(), options),
                                        this);
            }
            out.onNext(GetTsoRequest.newBuilder().setCount(count).build());
        } catch (RuntimeException e) { // cancelled meanwhile
            onError(e);
        }
        if (cancelled) { // before there was anything to cancel
            cancel();
        }
    }

    void cancel() {
        cancelled = true;
        ClientCallStreamObserver<GetTsoRequest> out = requests;
        if (out != null) {
            out.cancel("no longer needed", null);
        }
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<GetTsoRequest> out) {
        requests = out;
    }

    @Override
    public void onNext(GetTsoResponse response) {
        listener.answered(this, response);
    }

    @Override
    public void onError(Throwable error) {
        listener.ended(
                this, new CallFailedException(Status.fromThrowable(error), sendWatch.maybeSent()));
    }

    @Override
    public void onCompleted() {
        onError(Status.UNAVAILABLE.withDescription("stream ended").asRuntimeException());
    }
}
