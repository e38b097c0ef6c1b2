package io.flaredb.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.flaredb.proto.kv.BatchCommandsResponse;
import io.flaredb.proto.kv.RawGetRequest;
import io.flaredb.proto.kv.RawGetResponse;
import io.flaredb.proto.kv.RegionContext;
import io.flaredb.server.read.ReadLimits;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Reads that still wait for a thread when their caller goes. */
@Timeout(60)
class AbandonedReadTest {
    @TempDir Path dataDir;
    private final CountDownLatch busy = new CountDownLatch(1);
    private final List<String> carriedOut = new CopyOnWriteArrayList<>();
    private ServedStore store;

    @BeforeEach
    void start() {
        store = new ServedStore(dataDir, new ReadLimits(1, 100, 10_000, 1 << 20, 20), e -> {});
        store.reads()
                .submit(() -> {
                    try {
                        busy.await(60, TimeUnit.SECONDS);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
    }

    @AfterEach
    void stop() {
        busy.countDown();
        store.close();
    }

    /** A read of a region that is not there: it is refused when its turn comes. */
    private void read(String name, StreamObserver<RawGetResponse> out) {
        RegionContext nowhere =
                RegionContext.newBuilder().setRegionId(77).setStaleRead(true).build();
        new ReadCalls(store.node(), store.reads(), failure -> {})
                .rawGet(
                        RawGetRequest.newBuilder()
                                .setContext(nowhere)
                                .setKey(ByteString.copyFromUtf8("key"))
                                .build(),
                        new Answer<>(
                                out,
                                error -> {
                                    carriedOut.add(name);
                                    return RawGetResponse.getDefaultInstance();
                                }));
    }

    private void letThemRead() {
        busy.countDown();
        store.reads().close(); // once all that was accepted has had its turn
    }

    @Test
    void ofACallIsNotCarriedOut() {
        FakeCall<RawGetResponse> left = new FakeCall<>();
        FakeCall<RawGetResponse> waits = new FakeCall<>();
        read("left", new CallAnswer<>(left, new UnsentAnswers(1)));
        read("waits", new CallAnswer<>(waits, new UnsentAnswers(1)));
        left.onCancel.run();
        letThemRead();

        assertThat(carriedOut).containsExactly("waits");
    }

    @Test
    void ofAStreamIsNotCarriedOut() {
        FakeCall<BatchCommandsResponse> left = new FakeCall<>();
        FakeCall<BatchCommandsResponse> waits = new FakeCall<>();
        read("left", command(left));
        read("waits", command(waits));
        left.onCancel.run();
        letThemRead();

        assertThat(carriedOut).containsExactly("waits");
    }

    private CommandAnswer<RawGetResponse> command(FakeCall<BatchCommandsResponse> out) {
        CommandStream stream =
                new CommandStream(
                        store.service(), out, Runnable::run, new UnsentAnswers(1), over -> {});
        return new CommandAnswer<>(stream, 1, (to, answer) -> to.setRawGet(answer));
    }
}
