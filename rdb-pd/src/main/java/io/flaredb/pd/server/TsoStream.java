package io.flaredb.pd.server;

import io.flaredb.proto.pd.GetTsoRequest;
import io.flaredb.proto.pd.GetTsoResponse;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.function.Consumer;
import java.util.function.IntToLongFunction;

/**
 * One client's stream of timestamp requests, each answered at once and in order.
 *
 * <p>Requests are taken from the network only as fast as the client takes the answers: at most
 * {@value #IN_FLIGHT} are answered ahead, whatever the client sends. An error ends the stream.
 *
 * <p>The event loop calls it, and {@link #end} comes from another thread, so everything that
 * touches the answers is synchronized.
 */
final class TsoStream implements StreamObserver<GetTsoRequest> {
    private static final int IN_FLIGHT = 32;

    private final IntToLongFunction oracle;
    private final ServerCallStreamObserver<GetTsoResponse> answers;
    private final Consumer<TsoStream> onEnd;
    private int held; // requests to ask for once the client takes answers again
    private boolean ended;

    TsoStream(
            IntToLongFunction oracle,
            ServerCallStreamObserver<GetTsoResponse> answers,
            Consumer<TsoStream> onEnd) {
        this.oracle = oracle;
        this.answers = answers;
        this.onEnd = onEnd;
        answers.disableAutoRequest();
        answers.setOnReadyHandler(this::askForHeld);
        answers.setOnCancelHandler(this::cancelled);
        answers.request(IN_FLIGHT);
    }

    @Override
    public synchronized void onNext(GetTsoRequest request) {
        if (ended) {
            return;
        }
        try {
            answers.onNext(allocate(oracle, request));
        } catch (RuntimeException e) {
            finish();
            answers.onError(Statuses.of(e));
            return;
        }
        if (answers.isReady()) {
            answers.request(1);
        } else {
            held++;
        }
    }

    @Override
    public synchronized void onError(Throwable t) {
        finish(); // The client is gone: nobody is left to answer.
    }

    @Override
    public synchronized void onCompleted() {
        if (!ended) {
            finish();
            answers.onCompleted();
        }
    }

    /** Ends the stream from this side; what was asked for before is answered. */
    synchronized void end(Status why) {
        if (!ended) {
            finish();
            answers.onError(why.asRuntimeException());
        }
    }

    static GetTsoResponse allocate(IntToLongFunction oracle, GetTsoRequest request) {
        int count = request.getCount();
        if (count < 0) { // a uint32 above what an int can say
            throw new IllegalArgumentException(
                    "count is %s: allowed are 1 to 262144"
                            .formatted(Integer.toUnsignedString(count)));
        }
        return GetTsoResponse.newBuilder()
                .setFirst(oracle.applyAsLong(count))
                .setCount(count)
                .build();
    }

    private synchronized void askForHeld() {
        if (!ended && held > 0 && answers.isReady()) {
            int asked = held;
            held = 0;
            answers.request(asked);
        }
    }

    private synchronized void cancelled() {
        finish();
    }

    private void finish() {
        ended = true;
        onEnd.accept(this);
    }
}
