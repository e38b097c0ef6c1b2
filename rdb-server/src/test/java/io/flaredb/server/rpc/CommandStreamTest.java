package io.flaredb.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.flaredb.proto.kv.BatchAnswer;
import io.flaredb.proto.kv.BatchAnswer.ResponseCase;
import io.flaredb.proto.kv.BatchCommand;
import io.flaredb.proto.kv.BatchCommandsRequest;
import io.flaredb.proto.kv.BatchCommandsResponse;
import io.flaredb.proto.kv.CasGetRequest;
import io.flaredb.proto.kv.CompareAndDeleteRequest;
import io.flaredb.proto.kv.CompareAndSwapRequest;
import io.flaredb.proto.kv.Conflict;
import io.flaredb.proto.kv.FlareKvGrpc;
import io.flaredb.proto.kv.RawDeleteRequest;
import io.flaredb.proto.kv.RawGetRequest;
import io.flaredb.proto.kv.RawPutRequest;
import io.flaredb.proto.kv.RegionContext;
import io.flaredb.server.read.ReadLimits;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The stream of commands over a real socket. */
@Timeout(120)
class CommandStreamTest {
    private static final ByteString KEY = ByteString.copyFromUtf8("key");
    private static final ByteString VALUE = ByteString.copyFromUtf8("value");

    @TempDir Path dataDir;
    private ServedStore store;
    private RegionContext context;

    @BeforeEach
    void start() {
        store = new ServedStore(dataDir, ReadLimits.DEFAULT, CommandStreamTest::rethrow);
        context = store.context();
    }

    private static void rethrow(Throwable failure) {
        throw new AssertionError(failure);
    }

    @AfterEach
    void stop() {
        store.close();
    }

    /** The client's end of a stream; takes what comes unless it is told to wait. */
    private final class Stream
            implements ClientResponseObserver<BatchCommandsRequest, BatchCommandsResponse> {
        private final boolean slow;
        private final BlockingQueue<BatchAnswer> answers = new LinkedBlockingQueue<>();
        private final CompletableFuture<Void> end = new CompletableFuture<>();

        @SuppressWarnings("NullAway.Init") // set by beforeStart
        private ClientCallStreamObserver<BatchCommandsRequest> out;

        @SuppressWarnings("NullAway")
        Stream(boolean slow) {
            this.slow = slow;
            FlareKvGrpc.newStub(store.channel()).batchCommands(this);
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<BatchCommandsRequest> requests) {
            out = requests;
            if (slow) {
                requests.disableAutoRequestWithInitial(0);
            }
        }

        void send(BatchCommand.Builder... commands) {
            BatchCommandsRequest.Builder message = BatchCommandsRequest.newBuilder();
            for (BatchCommand.Builder command : commands) {
                message.addCommands(command);
            }
            out.onNext(message.build());
        }

        /** By id; each id once. */
        Map<Long, BatchAnswer> take(int count) throws InterruptedException {
            Map<Long, BatchAnswer> taken = new HashMap<>();
            for (int i = 0; i < count; i++) {
                BatchAnswer answer = answers.poll(60, TimeUnit.SECONDS);
                assertThat(answer).isNotNull();
                assertThat(taken.put(answer.getId(), answer)).isNull();
            }
            return taken;
        }

        BatchAnswer ask(BatchCommand.Builder command) throws InterruptedException {
            send(command);
            return of(command.getId(), take(1));
        }

        @Override
        public void onNext(BatchCommandsResponse message) {
            answers.addAll(message.getAnswersList());
            if (slow) {
                out.request(1);
            }
        }

        @Override
        public void onError(Throwable failure) {
            end.completeExceptionally(failure);
        }

        @Override
        public void onCompleted() {
            end.complete(null);
        }
    }

    private static BatchAnswer of(long id, Map<Long, BatchAnswer> answers) {
        return Objects.requireNonNull(answers.get(id));
    }

    private BatchCommand.Builder put(long id, ByteString key, ByteString value) {
        return BatchCommand.newBuilder()
                .setId(id)
                .setRawPut(
                        RawPutRequest.newBuilder().setContext(context).setKey(key).setValue(value));
    }

    private BatchCommand.Builder get(long id, ByteString key) {
        return BatchCommand.newBuilder()
                .setId(id)
                .setRawGet(RawGetRequest.newBuilder().setContext(context).setKey(key));
    }

    @Test
    void carriesOutEveryKindOfRequest() throws Exception {
        Stream stream = new Stream(false);

        assertThat(stream.ask(put(1, KEY, VALUE)).getResponseCase())
                .isEqualTo(ResponseCase.RAW_PUT);
        assertThat(stream.ask(get(2, KEY)).getRawGet().getValue()).isEqualTo(VALUE);
        var delete = RawDeleteRequest.newBuilder().setContext(context).setKey(KEY);
        assertThat(
                        stream.ask(BatchCommand.newBuilder().setId(3).setRawDelete(delete))
                                .getResponseCase())
                .isEqualTo(ResponseCase.RAW_DELETE);
        assertThat(stream.ask(get(4, KEY)).getRawGet().hasValue()).isFalse();

        var swap = CompareAndSwapRequest.newBuilder().setContext(context).setKey(KEY);
        var swapped = stream.ask(BatchCommand.newBuilder().setId(5).setCompareAndSwap(swap));
        assertThat(swapped.getCompareAndSwap().getSwapped().getVersion()).isEqualTo(1);
        var casGet = CasGetRequest.newBuilder().setContext(context).setKey(KEY);
        var found = stream.ask(BatchCommand.newBuilder().setId(6).setCasGet(casGet));
        assertThat(found.getCasGet().getVersion()).isEqualTo(1);
        var casDelete =
                CompareAndDeleteRequest.newBuilder()
                        .setContext(context)
                        .setKey(KEY)
                        .setExpectedVersion(9);
        var refused = stream.ask(BatchCommand.newBuilder().setId(7).setCompareAndDelete(casDelete));
        assertThat(refused.getCompareAndDelete().getConflict().getCurrentVersion()).isEqualTo(1);
    }

    @Test
    void saysWhereManyConflictsLeaveALargeValueOut() throws Exception {
        Stream stream = new Stream(false);
        ByteString large = ByteString.copyFrom(new byte[1024 * 1024]);
        var create =
                CompareAndSwapRequest.newBuilder().setContext(context).setKey(KEY).setValue(large);
        stream.ask(BatchCommand.newBuilder().setId(0).setCompareAndSwap(create));

        BatchCommand.Builder[] commands = new BatchCommand.Builder[100];
        Arrays.setAll(commands, i -> refusedDelete(i + 1));
        stream.send(commands);

        List<Conflict> conflicts =
                stream.take(commands.length).values().stream()
                        .map(answer -> answer.getCompareAndDelete().getConflict())
                        .toList();
        assertThat(conflicts).extracting(Conflict::getCurrentVersion).containsOnly(1L);
        assertThat(conflicts)
                .allMatch(conflict -> conflict.hasCurrentValue() != conflict.getValueForgotten())
                .anyMatch(Conflict::hasCurrentValue)
                .anyMatch(Conflict::getValueForgotten);
        Conflict again = stream.ask(refusedDelete(1)).getCompareAndDelete().getConflict();
        assertThat(again.getCurrentValue()).isEqualTo(large);
    }

    @Test
    void conflictsLeaveTheirValuesOutWhereAClientIsSlow() throws Exception {
        ByteString large = ByteString.copyFrom(new byte[4 << 20]);
        var create =
                CompareAndSwapRequest.newBuilder().setContext(context).setKey(KEY).setValue(large);
        new Stream(false).ask(BatchCommand.newBuilder().setId(0).setCompareAndSwap(create));
        Stream slow = new Stream(true);
        Stream other = new Stream(false);
        for (int message = 0; message < 4; message++) { // room in the log for 4 values in each
            BatchCommand.Builder[] commands = new BatchCommand.Builder[4];
            int first = 1 + message * commands.length;
            Arrays.setAll(commands, i -> refusedDelete(first + i));
            slow.send(commands);
            other.ask(put(1, ByteString.copyFromUtf8("other"), VALUE)); // and these are apart
        }

        slow.out.request(1);

        List<Conflict> conflicts =
                slow.take(16).values().stream()
                        .map(answer -> answer.getCompareAndDelete().getConflict())
                        .toList();
        assertThat(conflicts).extracting(Conflict::getCurrentVersion).containsOnly(1L);
        long bytes = conflicts.stream().mapToLong(c -> c.getCurrentValue().size()).sum();
        assertThat(bytes).isBetween(4L << 20, 40L << 20);
        assertThat(conflicts).anyMatch(Conflict::getValueForgotten);
    }

    private BatchCommand.Builder refusedDelete(long id) {
        return BatchCommand.newBuilder()
                .setId(id)
                .setCompareAndDelete(
                        CompareAndDeleteRequest.newBuilder()
                                .setContext(context)
                                .setKey(KEY)
                                .setExpectedVersion(9)
                                .setWantCurrentValue(true));
    }

    @Test
    void anErrorOfOneLeavesTheOthersAlone() throws Exception {
        Stream stream = new Stream(false);
        var elsewhere = put(2, KEY, VALUE);
        elsewhere.getRawPutBuilder().getContextBuilder().setRegionId(77);

        stream.send(
                put(1, ByteString.EMPTY, VALUE),
                elsewhere,
                BatchCommand.newBuilder().setId(3),
                put(4, KEY, VALUE));
        Map<Long, BatchAnswer> answers = stream.take(4);

        assertThat(of(1, answers).getFailed().getCode())
                .isEqualTo(Status.Code.INVALID_ARGUMENT.value());
        assertThat(of(1, answers).getFailed().getMessage()).contains("key");
        assertThat(of(2, answers).getRawPut().getRegionError().hasRegionNotFound()).isTrue();
        assertThat(of(3, answers).getFailed().getCode())
                .isEqualTo(Status.Code.UNIMPLEMENTED.value());
        assertThat(of(4, answers).getRawPut().hasRegionError()).isFalse();
        assertThat(stream.ask(get(5, KEY)).getRawGet().getValue()).isEqualTo(VALUE);
    }

    @Test
    void answersEachOfManyOnce() throws Exception {
        Stream stream = new Stream(false);
        for (int message = 0; message < 20; message++) {
            BatchCommandsRequest.Builder commands = BatchCommandsRequest.newBuilder();
            for (int i = 0; i < 500; i++) {
                long id = message * 500L + i;
                ByteString key = ByteString.copyFromUtf8("k" + id);
                commands.addCommands(i % 2 == 0 ? put(id, key, VALUE) : get(id, KEY));
            }
            stream.out.onNext(commands.build());
        }

        assertThat(stream.take(10_000)).hasSize(10_000);
        assertThat(stream.answers).isEmpty();
    }

    @Test
    void refusesAMessageOfTooMany() throws Exception {
        Stream stream = new Stream(false);
        BatchCommandsRequest.Builder commands = BatchCommandsRequest.newBuilder();
        for (int id = 0; id < 1_025; id++) {
            commands.addCommands(get(id, KEY));
        }

        stream.out.onNext(commands.build());

        assertThatThrownBy(() -> stream.end.get(60, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("allowed are at most 1024");
        assertThat(new Stream(false).ask(get(1, KEY)).hasRawGet()).isTrue();
    }

    @Test
    void answersAllWhenASlowClientReads() throws Exception {
        ByteString large = ByteString.copyFrom(new byte[1 << 20]);
        new Stream(false).ask(put(1, KEY, large));
        Stream slow = new Stream(true);
        for (int id = 0; id < 100; id++) {
            slow.send(get(id, KEY));
        }

        slow.out.request(1);

        // Those that found no room were told to come again.
        assertThat(slow.take(100).values())
                .allMatch(answer ->
                        answer.getRawGet().getRegionError().hasServerIsBusy()
                                || answer.getRawGet().getValue().equals(large));
    }

    @Test
    void endsOnceAllIsAnsweredIfTheClientIsDone() throws Exception {
        Stream stream = new Stream(false);
        stream.send(put(1, KEY, VALUE), get(2, KEY));
        stream.out.onCompleted();

        stream.end.get(60, TimeUnit.SECONDS);

        assertThat(stream.take(2)).containsOnlyKeys(1L, 2L);
    }

    @Test
    void endsOpenStreamsWhenTheStoreStops() throws Exception {
        Stream stream = new Stream(false);
        stream.ask(put(1, KEY, VALUE));

        store.server().stopAccepting();
        store.service().endStreams();

        stream.end.get(60, TimeUnit.SECONDS);
    }

    @Test
    void aBrokenStreamLeavesTheOthersAlone() throws Exception {
        Stream broken = new Stream(false);
        Stream other = new Stream(false);
        broken.send(put(1, KEY, VALUE));
        broken.out.cancel("for the test", null);

        assertThat(other.ask(put(2, KEY, VALUE)).hasRawPut()).isTrue();
        assertThatThrownBy(() -> broken.end.get(60, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class);
    }
}
