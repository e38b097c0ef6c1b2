package io.flaredb.pd.server;

import io.flaredb.proto.pd.GetTsoRequest;
import io.flaredb.proto.pd.GetTsoResponse;
import io.flaredb.proto.pd.PlacementDriverGrpc;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.BlockingClientCall;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One stream of timestamp requests, from one thread. */
final class TsoClient implements AutoCloseable {
    private static final long LIMIT_SECONDS = 20;

    private final BlockingClientCall<GetTsoRequest, GetTsoResponse> call;

    TsoClient(Channel channel) {
        call = PlacementDriverGrpc.newBlockingV2Stub(channel).withWaitForReady().streamTso();
    }

    void send(int count) throws InterruptedException {
        try {
            GetTsoRequest request = GetTsoRequest.newBuilder().setCount(count).build();
            var unused = call.write(request, LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (StatusException e) {
            throw asRuntime(e.getStatus());
        } catch (TimeoutException e) {
            throw asRuntime(Status.DEADLINE_EXCEEDED.withCause(e));
        }
    }

    /** The answer to the oldest request that has none yet. */
    GetTsoResponse receive() throws InterruptedException {
        try {
            GetTsoResponse answer = call.read(LIMIT_SECONDS, TimeUnit.SECONDS);
            if (answer == null) {
                throw asRuntime(Status.UNAVAILABLE.withDescription("the stream is over"));
            }
            return answer;
        } catch (StatusException e) {
            throw asRuntime(e.getStatus());
        } catch (TimeoutException e) {
            throw asRuntime(Status.DEADLINE_EXCEEDED.withCause(e));
        }
    }

    @Override
    public void close() {
        call.cancel("done", null);
    }

    private static StatusRuntimeException asRuntime(Status status) {
        return status.asRuntimeException();
    }
}
