package io.flaredb.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.flaredb.proto.kv.CasGetRequest;
import io.flaredb.proto.kv.CasGetResponse;
import io.flaredb.proto.kv.CasScanRequest;
import io.flaredb.proto.kv.CompareAndDeleteRequest;
import io.flaredb.proto.kv.CompareAndSwapRequest;
import io.flaredb.proto.kv.CompareAndSwapResponse;
import io.flaredb.proto.kv.FlareKvGrpc;
import io.flaredb.proto.kv.FlareKvGrpc.FlareKvBlockingStub;
import io.flaredb.proto.kv.KeyValue;
import io.flaredb.proto.kv.RawBatchGetRequest;
import io.flaredb.proto.kv.RawBatchGetResponse;
import io.flaredb.proto.kv.RawBatchPutRequest;
import io.flaredb.proto.kv.RawDeleteRequest;
import io.flaredb.proto.kv.RawGetRequest;
import io.flaredb.proto.kv.RawGetResponse;
import io.flaredb.proto.kv.RawPutRequest;
import io.flaredb.proto.kv.RawPutResponse;
import io.flaredb.proto.kv.RawScanRequest;
import io.flaredb.proto.kv.RawScanResponse;
import io.flaredb.proto.kv.RegionContext;
import io.flaredb.proto.kv.VersionedEntry;
import io.flaredb.server.read.ReadLimits;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The service over a real socket. */
@Timeout(60)
class KvServiceTest {
    private static final int MAX_RESPONSE_BYTES = 10_000;
    private static final long MAX_UNSENT_BYTES = 32 << 20;
    private static final ByteString KEY = ByteString.copyFromUtf8("key");

    @TempDir Path dataDir;
    private final List<Throwable> fatal = new ArrayList<>();
    private ServedStore store;
    private FlareKvBlockingStub kv;
    private RegionContext context;

    @BeforeEach
    void start() {
        store =
                new ServedStore(
                        dataDir,
                        new ReadLimits(2, 100, MAX_RESPONSE_BYTES, MAX_UNSENT_BYTES, 20),
                        fatal::add);
        kv = FlareKvGrpc.newBlockingStub(store.channel());
        context = store.context();
    }

    @AfterEach
    void stop() {
        store.close();
        assertThat(fatal).isEmpty();
    }

    @Test
    void putsGetsAndDeletesRawKeys() {
        assertThat(rawGet(KEY).hasValue()).isFalse();
        put(KEY, bytes("value"));
        assertThat(rawGet(KEY).getValue()).isEqualTo(bytes("value"));
        put(KEY, ByteString.EMPTY);
        assertThat(rawGet(KEY).hasValue()).isTrue();
        assertThat(rawGet(KEY).getValue()).isEmpty();
        var delete = RawDeleteRequest.newBuilder().setContext(context).setKey(KEY).build();
        assertThat(kv.rawDelete(delete).hasRegionError()).isFalse();
        assertThat(kv.rawDelete(delete).hasRegionError()).isFalse();
        assertThat(rawGet(KEY).hasValue()).isFalse();
    }

    @Test
    void swapsOnTheExpectedVersionOnlyAndNeverReusesOne() {
        assertThat(swap(0, "one").getSwapped().getVersion()).isEqualTo(1);
        assertThat(swap(1, "two").getSwapped().getVersion()).isEqualTo(2);
        CompareAndSwapResponse conflict = swap(1, "three");
        assertThat(conflict.getConflict().getCurrentVersion()).isEqualTo(2);
        assertThat(conflict.getConflict().getCurrentValue()).isEqualTo(bytes("two"));
        CasGetResponse found = casGet();
        assertThat(found.getVersion()).isEqualTo(2);
        assertThat(found.getValue()).isEqualTo(bytes("two"));

        var delete = CompareAndDeleteRequest.newBuilder().setContext(context).setKey(KEY);
        assertThat(
                        kv.compareAndDelete(delete.setExpectedVersion(1).build())
                                .getConflict()
                                .getCurrentVersion())
                .isEqualTo(2);
        assertThat(kv.compareAndDelete(delete.setExpectedVersion(2).build()).hasSwapped()).isTrue();
        assertThat(casGet().getVersion()).isZero();
        assertThat(swap(0, "again").getSwapped().getVersion()).isEqualTo(3);
    }

    @Test
    void aConflictLeavesTheValueOutUnlessAskedFor() {
        swap(0, "one");
        var request =
                CompareAndSwapRequest.newBuilder()
                        .setContext(context)
                        .setKey(KEY)
                        .setExpectedVersion(9)
                        .build();
        assertThat(kv.compareAndSwap(request).getConflict().hasCurrentValue()).isFalse();
    }

    @Test
    void rawAndVersionedKeysAreApart() {
        put(KEY, bytes("raw"));
        assertThat(casGet().getVersion()).isZero();
        swap(0, "versioned");
        assertThat(rawGet(KEY).getValue()).isEqualTo(bytes("raw"));
    }

    @Test
    void aScanThatDoesNotFitIsResumedWhereItEnded() {
        ByteString large = bytes("x".repeat(3_000));
        for (int i = 0; i < 9; i++) {
            put(bytes("k" + i), large);
        }
        List<String> keys = new ArrayList<>();
        ByteString start = ByteString.EMPTY;
        int calls = 0;
        RawScanResponse page;
        do {
            page =
                    kv.rawScan(
                            RawScanRequest.newBuilder()
                                    .setContext(context)
                                    .setStartKey(start)
                                    .setEndKey(bytes("k8"))
                                    .setLimit(1_000)
                                    .build());
            page.getEntriesList().forEach(e -> keys.add(e.getKey().toStringUtf8()));
            start = page.getResumeKey();
            calls++;
        } while (page.hasResumeKey());
        assertThat(keys).containsExactly("k0", "k1", "k2", "k3", "k4", "k5", "k6", "k7");
        assertThat(calls).isGreaterThan(1);
    }

    @Test
    void aScanEndsAtItsLimit() {
        for (int i = 0; i < 5; i++) {
            kv.compareAndSwap(
                    CompareAndSwapRequest.newBuilder()
                            .setContext(context)
                            .setKey(bytes("k" + i))
                            .setValue(bytes("v" + i))
                            .build());
        }
        var page = kv.casScan(CasScanRequest.newBuilder().setContext(context).setLimit(2).build());
        assertThat(page.getEntriesList())
                .containsExactly(
                        VersionedEntry.newBuilder()
                                .setKey(bytes("k0"))
                                .setVersion(1)
                                .setValue(bytes("v0"))
                                .build(),
                        VersionedEntry.newBuilder()
                                .setKey(bytes("k1"))
                                .setVersion(1)
                                .setValue(bytes("v1"))
                                .build());
        assertThat(page.getResumeKey()).isEqualTo(bytes("k2"));
    }

    @Test
    void aBatchIsWrittenWholeAndReadInPartsWhereItIsLarge() {
        var put = RawBatchPutRequest.newBuilder().setContext(context);
        var get = RawBatchGetRequest.newBuilder().setContext(context);
        for (int i = 0; i < 8; i++) {
            put.addEntries(entry("k" + i, "x".repeat(3_000)));
            get.addKeys(bytes("k" + i)).addKeys(bytes("absent" + i));
        }
        assertThat(kv.rawBatchPut(put.build()).hasRegionError()).isFalse();
        List<ByteString> asked = List.copyOf(get.getKeysList());
        List<KeyValue> found = new ArrayList<>();
        int done = 0;
        int calls = 0;
        while (done < asked.size()) {
            RawBatchGetResponse page =
                    kv.rawBatchGet(
                            RawBatchGetRequest.newBuilder()
                                    .setContext(context)
                                    .addAllKeys(asked.subList(done, asked.size()))
                                    .build());
            assertThat(page.getKeysDone()).isPositive();
            found.addAll(page.getEntriesList());
            done += page.getKeysDone();
            calls++;
        }
        assertThat(found).containsExactlyElementsOf(put.getEntriesList());
        assertThat(calls).isGreaterThan(1);
    }

    @Test
    void aBatchWithOneBadEntryChangesNothing() {
        var batch =
                RawBatchPutRequest.newBuilder()
                        .setContext(context)
                        .addEntries(entry("good", "v"))
                        .addEntries(entry("", "v"))
                        .build();
        assertInvalid(() -> kv.rawBatchPut(batch), "key is empty");
        assertThat(rawGet(bytes("good")).hasValue()).isFalse();
    }

    @Test
    void refusesWhatBreaksALimitAndKeepsServing() {
        assertInvalid(
                () -> put(ByteString.EMPTY, KEY), "key is empty: allowed are 1 to 4096 bytes");
        assertInvalid(
                () -> put(bytes("k".repeat(4_097)), KEY),
                "key is 4097 bytes: allowed are 1 to 4096");
        put(bytes("k".repeat(4_096)), KEY);
        assertInvalid(
                () -> put(KEY, bytes("v".repeat((4 << 20) + 1))),
                "value is 4194305 bytes: allowed are at most 4194304");
        put(KEY, bytes("v".repeat(4 << 20)));
        assertThat(rawGet(KEY).getValue().size()).isEqualTo(4 << 20);
        assertInvalid(
                () -> kv.rawScan(RawScanRequest.newBuilder().setContext(context).build()),
                "scan limit is 0: allowed are 1 to 10000");
    }

    @Test
    void answersARequestForAnotherRegionWithARegionErrorThatChangesNothing() {
        RegionContext elsewhere = context.toBuilder().setRegionId(99).build();
        RawPutResponse refused =
                kv.rawPut(
                        RawPutRequest.newBuilder()
                                .setContext(elsewhere)
                                .setKey(KEY)
                                .setValue(bytes("v"))
                                .build());
        assertThat(refused.getRegionError().getRegionNotFound().getRegionId()).isEqualTo(99);
        assertThat(
                        kv.rawGet(
                                        RawGetRequest.newBuilder()
                                                .setContext(elsewhere)
                                                .setKey(KEY)
                                                .build())
                                .hasRegionError())
                .isTrue();
        assertThat(rawGet(KEY).hasValue()).isFalse();
    }

    @Test
    void answersThatNobodyTakesLeaveNoRoomForOthersUntilTheirCallsEnd() {
        ByteString large = ByteString.copyFrom(new byte[4 << 20]);
        put(KEY, large);
        kv.compareAndSwap(
                CompareAndSwapRequest.newBuilder()
                        .setContext(context)
                        .setKey(KEY)
                        .setValue(large)
                        .build());
        ManagedChannel idle =
                NettyChannelBuilder.forTarget(store.server().address().toString())
                        .usePlaintext()
                        .flowControlWindow(64 << 10) // or it grows until whole answers fit in
                        .build();
        try {
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> {
                        startWithoutTaking(idle); // the network takes some of them
                        return rawGet(KEY).getRegionError().hasServerIsBusy()
                                && swap(9, "x").getConflict().getValueForgotten();
                    });
            put(bytes("other"), KEY); // writes go on
        } finally {
            idle.shutdownNow();
        }
        await().atMost(Duration.ofSeconds(30)).until(() -> rawGet(KEY).getValue().equals(large));
        assertThat(swap(9, "x").getConflict().getCurrentValue()).isEqualTo(large);
    }

    private void startWithoutTaking(ManagedChannel channel) {
        ClientCall<RawGetRequest, RawGetResponse> call =
                channel.newCall(FlareKvGrpc.getRawGetMethod(), CallOptions.DEFAULT);
        call.start(new ClientCall.Listener<>() {}, new Metadata());
        call.sendMessage(RawGetRequest.newBuilder().setContext(context).setKey(KEY).build());
        call.halfClose();
    }

    private void put(ByteString key, ByteString value) {
        RawPutResponse response =
                kv.rawPut(
                        RawPutRequest.newBuilder()
                                .setContext(context)
                                .setKey(key)
                                .setValue(value)
                                .build());
        assertThat(response.hasRegionError()).isFalse();
    }

    private RawGetResponse rawGet(ByteString key) {
        return kv.rawGet(RawGetRequest.newBuilder().setContext(context).setKey(key).build());
    }

    private CompareAndSwapResponse swap(long expectedVersion, String value) {
        return kv.compareAndSwap(
                CompareAndSwapRequest.newBuilder()
                        .setContext(context)
                        .setKey(KEY)
                        .setExpectedVersion(expectedVersion)
                        .setValue(bytes(value))
                        .setWantCurrentValue(true)
                        .build());
    }

    private CasGetResponse casGet() {
        return kv.casGet(CasGetRequest.newBuilder().setContext(context).setKey(KEY).build());
    }

    private static void assertInvalid(Runnable call, String message) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> {
                            assertThat(e.getStatus().getCode())
                                    .isEqualTo(Status.Code.INVALID_ARGUMENT);
                            assertThat(e.getStatus().getDescription()).contains(message);
                        });
    }

    private static KeyValue entry(String key, String value) {
        return KeyValue.newBuilder().setKey(bytes(key)).setValue(bytes(value)).build();
    }

    private static ByteString bytes(String text) {
        return ByteString.copyFromUtf8(text);
    }
}
