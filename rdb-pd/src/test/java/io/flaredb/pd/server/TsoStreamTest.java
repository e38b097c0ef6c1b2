package io.flaredb.pd.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.flaredb.proto.pd.GetTsoRequest;
import io.flaredb.proto.pd.GetTsoResponse;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TsoStreamTest {
    private final FakeCall call = new FakeCall();
    private final List<TsoStream> endedStreams = new ArrayList<>();
    private long next = 100;
    private final TsoStream stream =
            new TsoStream(
                    count -> {
                        next += count;
                        return next - count;
                    },
                    call,
                    endedStreams::add);

    private void ask(int count) {
        stream.onNext(GetTsoRequest.newBuilder().setCount(count).build());
    }

    @Test
    void answersEachRequestInOrderAndAsksForAnother() {
        assertThat(call.requested).isEqualTo(32);
        ask(5);
        ask(1);
        assertThat(call.answers)
                .containsExactly(
                        GetTsoResponse.newBuilder().setFirst(100).setCount(5).build(),
                        GetTsoResponse.newBuilder().setFirst(105).setCount(1).build());
        assertThat(call.requested).isEqualTo(34);
    }

    @Test
    void asksForNoMoreWhileTheClientDoesNotTakeTheAnswers() {
        call.ready = false;
        for (int i = 0; i < 32; i++) {
            ask(1);
        }
        assertThat(call.requested).isEqualTo(32);
        assertThat(call.answers).hasSize(32);
        call.ready = true;
        call.onReady.run();
        assertThat(call.requested).isEqualTo(64);
        call.onReady.run();
        assertThat(call.requested).isEqualTo(64);
    }

    @Test
    void anErrorEndsTheStream() {
        ask(-1);
        ask(1);
        assertThat(call.status().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(call.status().getDescription())
                .isEqualTo("count is 4294967295: allowed are 1 to 262144");
        assertThat(call.answers).isEmpty();
        assertThat(endedStreams).containsExactly(stream);
    }

    @Test
    void isOverOnceEitherSideEndsIt() {
        stream.end(Status.UNAVAILABLE);
        ask(1);
        stream.onCompleted();
        stream.end(Status.INTERNAL);
        assertThat(call.answers).isEmpty();
        assertThat(call.status().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(call.completed).isFalse();
        assertThat(endedStreams).containsExactly(stream);
    }

    @Test
    void aClientThatWentAwayIsForgotten() {
        call.onCancel.run();
        ask(1);
        assertThat(call.answers).isEmpty();
        assertThat(endedStreams).containsExactly(stream);
    }

    /** A call whose client is the test. */
    private static final class FakeCall extends ServerCallStreamObserver<GetTsoResponse> {
        final List<GetTsoResponse> answers = new ArrayList<>();
        boolean ready = true;
        boolean completed;
        int requested;
        @Nullable Throwable error;
        Runnable onReady = () -> {};
        Runnable onCancel = () -> {};

        Status status() {
            return error == null ? Status.OK : Status.fromThrowable(error);
        }

        @Override
        public void onNext(GetTsoResponse answer) {
            answers.add(answer);
        }

        @Override
        public void onError(Throwable t) {
            assertThat(error).isNull();
            error = t;
        }

        @Override
        public void onCompleted() {
            completed = true;
        }

        @Override
        public boolean isReady() {
            return ready;
        }

        @Override
        public void request(int count) {
            requested += count;
        }

        @Override
        public void setOnReadyHandler(Runnable handler) {
            onReady = handler;
        }

        @Override
        public void setOnCancelHandler(Runnable handler) {
            onCancel = handler;
        }

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public void disableAutoRequest() {}

        @Override
        @SuppressWarnings("deprecation")
        public void disableAutoInboundFlowControl() {}

        @Override
        public void setCompression(String compression) {}

        @Override
        public void setMessageCompression(boolean enable) {}
    }
}
