package io.flaredb.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.flaredb.proto.kv.BatchAnswer;
import io.flaredb.proto.kv.BatchCommandsResponse;
import io.flaredb.proto.kv.FlareKvGrpc.FlareKvImplBase;
import io.flaredb.proto.kv.RawGetResponse;
import org.junit.jupiter.api.Test;

/** Streams share the store's room for answers that nobody takes. */
class UnsentAnswersTest {
    private static final int MAX_BYTES = 10_000;

    private final UnsentAnswers unsent = new UnsentAnswers(MAX_BYTES);
    private final FakeCall<BatchCommandsResponse> slow = new FakeCall<>();
    private final CommandStream ofSlow = stream(slow);
    private final CommandStream other = stream(new FakeCall<>());

    private CommandStream stream(FakeCall<BatchCommandsResponse> out) {
        return new CommandStream(new FlareKvImplBase() {}, out, Runnable::run, unsent, over -> {});
    }

    private static BatchAnswer large() {
        ByteString value = ByteString.copyFrom(new byte[MAX_BYTES]);
        return BatchAnswer.newBuilder()
                .setRawGet(RawGetResponse.newBuilder().setValue(value))
                .build();
    }

    @Test
    void ofASlowStreamLeaveNoRoomInOthersUntilTheyAreTaken() {
        slow.ready = false;
        ofSlow.answer(large());
        assertThat(other.hasRoom()).isFalse();

        slow.ready = true;
        slow.onReady.run();

        assertThat(other.hasRoom()).isTrue();
    }

    @Test
    void ofABrokenStreamLeaveRoomAlsoThoseThatCameLate() {
        slow.ready = false;
        ofSlow.answer(large());
        assertThat(other.hasRoom()).isFalse();

        slow.onCancel.run();

        assertThat(other.hasRoom()).isTrue();
        ofSlow.answer(large());
        assertThat(other.hasRoom()).isTrue();
    }
}
