package io.flaredb.server.rpc;

import com.google.protobuf.MessageLite;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.atomic.AtomicLong;

/** Where the answer to a single call goes; counts it until it is sent or the call is cancelled. */
final class CallAnswer<R> implements StreamObserver<R> {
    private static final long OVER = -1;

    private final ServerCallStreamObserver<R> out;
    private final UnsentAnswers unsent;
    private final AtomicLong unsentBytes = new AtomicLong(); // of this one; OVER: nobody waits

    /** To be made while the call is being started. */
    CallAnswer(ServerCallStreamObserver<R> out, UnsentAnswers unsent) {
        this.out = out;
        this.unsent = unsent;
        out.setOnCloseHandler(this::over);
        out.setOnCancelHandler(this::over);
    }

    private void over() {
        unsent.remove(Math.max(0, unsentBytes.getAndSet(OVER)));
    }

    boolean hasRoom() {
        return unsent.hasRoom();
    }

    boolean isOver() {
        return unsentBytes.get() == OVER;
    }

    @Override
    public void onNext(R response) {
        long bytes = ((MessageLite) response).getSerializedSize();
        unsent.add(bytes);
        if (unsentBytes.compareAndSet(0, bytes)) {
            out.onNext(response);
        } else {
            unsent.remove(bytes);
        }
    }

    @Override
    public void onError(Throwable failure) {
        out.onError(failure);
    }

    @Override
    public void onCompleted() {
        out.onCompleted();
    }
}
