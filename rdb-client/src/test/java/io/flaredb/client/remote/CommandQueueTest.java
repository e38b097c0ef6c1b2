package io.flaredb.client.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.flaredb.client.remote.ScriptedStore.Step;
import io.flaredb.client.retry.RetryLoop;
import io.flaredb.proto.kv.RawGetRequest;
import io.flaredb.proto.kv.RawGetResponse;
import io.flaredb.proto.kv.RawPutRequest;
import io.flaredb.proto.kv.RawPutResponse;
import io.flaredb.proto.kv.RequestId;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.channel.DefaultEventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests that share a stream, over a real socket. */
@Timeout(60)
class CommandQueueTest {
    private static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long SHORT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final ScriptedStore store = new ScriptedStore();
    private final Channels channels = new Channels();
    private ScriptedServer server;
    private long sequence;
    private CommandQueue queue;

    @BeforeEach
    void start() {
        server = ScriptedServer.start(store);
        queue = channels.commands(HostPort.parse(server.address()));
    }

    @AfterEach
    void stop() {
        channels.close();
        server.close();
    }

    private CompletableFuture<RawPutResponse> put(String key, long timeoutNanos) {
        var way = (Way.Together<RawPutRequest, RawPutResponse>) StoreMethod.RAW_PUT.way();
        RawPutRequest request =
                RawPutRequest.newBuilder()
                        .setRequestId(RequestId.newBuilder().setSequence(++sequence))
                        .setKey(ByteString.copyFromUtf8(key))
                        .build();
        return queue.send(way, request, timeoutNanos);
    }

    private CompletableFuture<RawGetResponse> get(String key) {
        var way = (Way.Together<RawGetRequest, RawGetResponse>) StoreMethod.RAW_GET.way();
        RawGetRequest request =
                RawGetRequest.newBuilder().setKey(ByteString.copyFromUtf8(key)).build();
        return queue.send(way, request, LONG_NANOS);
    }

    /** Sends while the event loop is busy with an answer's dependent. */
    private List<CompletableFuture<RawPutResponse>> putsInOneGo(int count) throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        CompletableFuture<Void> first;
        synchronized (store) { // which cannot answer before there is a dependent
            first =
                    get("first")
                            .thenAccept(answer -> {
                                busy.countDown();
                                waitFor(go);
                            });
        }
        busy.await();
        List<CompletableFuture<RawPutResponse>> puts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            puts.add(put("k" + i, LONG_NANOS));
        }
        go.countDown();
        first.join();
        return puts;
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void sendsTogetherWhatWaits() throws Exception {
        putsInOneGo(16).forEach(CompletableFuture::join);

        assertThat(store.messageSizes).containsExactly(1, 16);
        assertThat(store.raw).hasSize(16);
        assertThat(store.streams).hasValue(1);
    }

    @Test
    void leavesHalfOfThemForTheNextMessage() throws Exception {
        putsInOneGo(60).forEach(CompletableFuture::join);

        assertThat(store.messageSizes).containsExactly(1, 30, 30);
    }

    @Test
    void boundsAMessage() throws Exception {
        putsInOneGo(150).forEach(CompletableFuture::join);

        assertThat(store.messageSizes).containsExactly(1, 64, 64, 22);
    }

    @Test
    void sendsAtOnceWhatComesAlone() {
        put("a", LONG_NANOS).join();
        put("b", LONG_NANOS).join();

        assertThat(store.messageSizes).containsExactly(1, 1);
    }

    @Test
    void aFailureOfOneLeavesTheOthersAlone() throws Exception {
        store.then(
                new Step.Answer(),
                new Step.Answer(),
                new Step.Fail(Status.INVALID_ARGUMENT.withDescription("odd")),
                new Step.Answer());

        var puts = putsInOneGo(3);

        puts.get(0).join();
        puts.get(2).join();
        CallFailedException failed = failure(puts.get(1));
        assertThat(failed.status().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(failed.status().getDescription()).isEqualTo("odd");
        assertThat(store.streams).hasValue(1);
    }

    @Test
    void answersInAnyOrder() throws Exception {
        store.then(new Step.Answer(), new Step.ApplyAndHang(), new Step.Answer());

        var puts = putsInOneGo(2);

        puts.get(1).join();
        assertThat(puts.get(0)).isNotDone();
    }

    @Test
    void givesUpWhatIsNotAnsweredAndGoesOnOverAnotherStream() {
        store.then(new Step.ApplyAndHang());

        CallFailedException failed = failure(put("a", SHORT_NANOS));
        put("b", LONG_NANOS).join();

        assertThat(failed.status().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        assertThat(failed.maybeSent()).isTrue();
        assertThat(store.streams).hasValue(2);
        // Nobody waits for anything from the first one.
        await().atMost(Duration.ofSeconds(30)).until(() -> store.endedStreams.get() == 1);
    }

    @Test
    void leavesWhatElseIsUnderWayOnTheOldStream() throws Exception {
        store.then(new Step.ApplyAndHang(), new Step.ApplyAndHang());
        var patient = put("a", LONG_NANOS);
        await().until(() -> store.calls() == 1);

        failure(put("b", SHORT_NANOS));
        put("c", LONG_NANOS).join();

        assertThat(patient).isNotDone();
        assertThat(store.endedStreams).hasValue(0);
    }

    @Test
    void failsWhatIsUnderWayWhenTheStreamBreaks() {
        store.hangFromNowOn();
        var put = put("a", LONG_NANOS);
        await().until(() -> store.calls() == 1);

        server.goAway();

        CallFailedException failed = failure(put);
        assertThat(failed.status().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(failed.maybeSent()).isTrue();
    }

    @Test
    void knowsWhatWasSurelyNotSent() {
        server.goAway();

        assertThat(failure(put("a", LONG_NANOS)).maybeSent()).isFalse();
        assertThat(store.calls()).isZero();
    }

    @Test
    void opensAnotherStreamWhenTheStoreIsBack() {
        put("a", LONG_NANOS).join();
        server.goAway();
        failure(put("b", LONG_NANOS));

        server.comeBack();
        channels.retryConnecting(HostPort.parse(server.address()));
        await().ignoreExceptions().until(() -> put("c", LONG_NANOS).join() != null);
    }

    @Test
    void failsWhatComesAfterTheEnd() {
        channels.close();

        assertThat(failure(put("a", LONG_NANOS)).maybeSent()).isFalse();
    }

    @Test
    void failsWhatTheLoopComesToAtItsVeryEnd() {
        DefaultEventLoop loop = new DefaultEventLoop();
        ManagedChannel channel = channels.to(HostPort.parse(server.address()));
        channel.shutdownNow();
        queue = new CommandQueue(loop, channel);
        CountDownLatch go = new CountDownLatch(1);
        loop.execute(() -> waitFor(go));
        CompletableFuture<CompletableFuture<?>> sent = new CompletableFuture<>();
        loop.addShutdownHook(() -> sent.complete(put("a", LONG_NANOS)));
        var unused = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);

        go.countDown();

        CompletableFuture<?> put = sent.join();
        await().until(put::isDone);
        CallFailedException failed = failure(put);
        assertThat(failed.status().getDescription()).isEqualTo("the client is closed");
        assertThat(failed.maybeSent()).isFalse();
    }

    private static CallFailedException failure(CompletableFuture<?> future) {
        return (CallFailedException) RetryLoop.failureOf(future);
    }
}
