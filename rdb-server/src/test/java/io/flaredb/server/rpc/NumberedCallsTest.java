package io.flaredb.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.flaredb.proto.kv.CasBatchRequest;
import io.flaredb.proto.kv.CasBatchResponse;
import io.flaredb.proto.kv.CasCheck;
import io.flaredb.proto.kv.CasDelete;
import io.flaredb.proto.kv.CasOperation;
import io.flaredb.proto.kv.CompareAndSwapRequest;
import io.flaredb.proto.kv.CompareAndSwapResponse;
import io.flaredb.proto.kv.FlareKvGrpc;
import io.flaredb.proto.kv.FlareKvGrpc.FlareKvBlockingStub;
import io.flaredb.proto.kv.RawPutRequest;
import io.flaredb.proto.kv.RegionContext;
import io.flaredb.proto.kv.RequestId;
import io.flaredb.proto.kv.ResolveWriteRequest;
import io.flaredb.proto.kv.ResolveWriteResponse;
import io.flaredb.server.StoreOptions;
import io.flaredb.server.read.ReadLimits;
import io.flaredb.server.write.WriteLimits;
import io.flaredb.storage.RegionId;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Writes with an id, and batches, over a real socket. */
@Timeout(60)
class NumberedCallsTest {
    private static final ByteString KEY = ByteString.copyFromUtf8("key");

    @TempDir Path dataDir;
    private ServedStore store;
    private FlareKvBlockingStub kv;
    private RegionContext context;

    @BeforeEach
    void start() {
        StoreOptions options =
                StoreOptions.defaults()
                        .withHeartbeatInterval(Duration.ofMillis(100))
                        .withWrites(WriteLimits.DEFAULT.withRememberFor(Duration.ofSeconds(1)));
        store = new ServedStore(dataDir, options, ReadLimits.DEFAULT, NumberedCallsTest::rethrow);
        kv = FlareKvGrpc.newBlockingStub(store.channel());
        context = store.context();
    }

    @AfterEach
    void stop() {
        store.close();
    }

    private static void rethrow(Throwable fatal) {
        throw new AssertionError(fatal);
    }

    private static RequestId id(long sequence) {
        return RequestId.newBuilder()
                .setClientId(-7)
                .setSequence(sequence)
                .setLowestInFlight(1)
                .build();
    }

    private CompareAndSwapResponse swap(RequestId id, long expectedVersion, String value) {
        return kv.compareAndSwap(
                CompareAndSwapRequest.newBuilder()
                        .setContext(context)
                        .setRequestId(id)
                        .setKey(KEY)
                        .setExpectedVersion(expectedVersion)
                        .setValue(ByteString.copyFromUtf8(value))
                        .setWantCurrentValue(true)
                        .build());
    }

    private ResolveWriteResponse resolve(RequestId id) {
        return kv.resolveWrite(
                ResolveWriteRequest.newBuilder().setContext(context).setRequestId(id).build());
    }

    @Test
    void aRepeatIsNoConflictWithItself() {
        assertThat(swap(id(1), 0, "one").getSwapped().getVersion()).isEqualTo(1);
        assertThat(swap(id(2), 1, "two").getSwapped().getVersion()).isEqualTo(2);
        assertThat(swap(id(1), 0, "one").getSwapped().getVersion()).isEqualTo(1);
        assertThat(swap(id(3), 0, "x").getConflict().getCurrentValue().toStringUtf8())
                .isEqualTo("two");
        var again = swap(id(3), 0, "x").getConflict();
        assertThat(again.getCurrentVersion()).isEqualTo(2);
        assertThat(again.hasCurrentValue()).isFalse();
        assertThat(again.getValueForgotten()).isTrue();
    }

    @Test
    void tellsWhatBecameOfAWriteAndSettlesIt() {
        swap(id(1), 0, "one");
        assertThat(resolve(id(1)).getSwap().getSwapped().getVersion()).isEqualTo(1);
        assertThat(resolve(id(2)).hasNotDone()).isTrue();
        assertThat(swap(id(2), 1, "two").getRegionError().hasRequestForgotten()).isTrue();
        assertThat(resolve(id(2)).hasNotDone()).isTrue();
        kv.rawPut(
                RawPutRequest.newBuilder()
                        .setContext(context)
                        .setRequestId(id(3))
                        .setKey(KEY)
                        .build());
        assertThat(resolve(id(3)).hasWritten()).isTrue();
    }

    @Test
    void forgetsWhoIsIdleAndSaysSo() {
        swap(id(1), 0, "one");
        awaitAllForgotten();
        var refused = swap(id(1), 0, "one").getRegionError();
        assertThat(refused.getRequestForgotten().getRememberedFromMs()).isEqualTo(1);
        assertThat(resolve(id(1)).getRegionError().hasRequestForgotten()).isTrue();
        RequestId renewed = id(1).toBuilder().setSessionStartMs(1).build();
        assertThat(swap(renewed, 1, "two").getSwapped().getVersion()).isEqualTo(2);
    }

    @Test
    void noSessionCanBeginSoLateThatNoneCouldFollowIt() {
        for (long start : new long[] {tooLate(), 1L << 62, -1}) {
            RequestId late = id(1).toBuilder().setSessionStartMs(start).build();
            assertThatThrownBy(() -> swap(late, 0, "one"))
                    .hasMessageContaining("INVALID_ARGUMENT: session start of the request id is")
                    .hasMessageContaining("allowed are 0 to ");
            assertThatThrownBy(() -> resolve(late)).hasMessageContaining("INVALID_ARGUMENT");
        }
    }

    @Test
    void behindTheLatestSessionOthersCanBeginInEveryRegion() {
        long late = (1L << 61) + System.currentTimeMillis(); // a later one would be refused
        swap(id(1).toBuilder().setSessionStartMs(late).build(), 0, "one");
        awaitAllForgotten();

        var refused = swap(id(1), 0, "one").getRegionError().getRequestForgotten();
        assertThat(refused.getRememberedFromMs()).isEqualTo(late + 1);
        RequestId next = id(1).toBuilder().setSessionStartMs(late + 1).build();
        assertThat(swap(next, 1, "two").getSwapped().getVersion()).isEqualTo(2);
        long noneForgotten = 0;
        assertThat(RequestCheck.id(next, () -> noneForgotten).sessionStartMillis())
                .isEqualTo(late + 1);
    }

    @Test
    void aRegionTakesTheSessionsThatItAsksFor() {
        RequestId late = id(1).toBuilder().setSessionStartMs(tooLate()).build();

        assertThat(RequestCheck.id(late, late::getSessionStartMs).sessionStartMillis())
                .isEqualTo(late.getSessionStartMs());
    }

    private static long tooLate() {
        return (1L << 61) + System.currentTimeMillis() + Duration.ofDays(1).toMillis();
    }

    private void awaitAllForgotten() {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() ->
                        store.node()
                                        .engine()
                                        .replicas()
                                        .requestsIdleSinceMillis(
                                                store.node().regions().iterator().next().id())
                                == Long.MAX_VALUE);
    }

    @Test
    void anIdOfAnotherRequestIsRefused() {
        swap(id(1), 0, "one");
        assertThatThrownBy(() ->
                        kv.rawPut(
                                RawPutRequest.newBuilder()
                                        .setContext(context)
                                        .setRequestId(id(1))
                                        .setKey(KEY)
                                        .build()))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("INVALID_ARGUMENT")
                .hasMessageContaining("belongs to another request");
    }

    @Test
    void anIdThatCannotBeIsRefused() {
        assertThatThrownBy(() -> swap(id(0), 0, "one"))
                .hasMessageContaining("INVALID_ARGUMENT: sequence of the request id is 0");
        assertThatThrownBy(() -> resolve(id(1).toBuilder().setLowestInFlight(2).build()))
                .hasMessageContaining("lowest sequence in flight of the request id is 2");
    }

    private RegionId region() {
        return store.node().regions().iterator().next().id();
    }

    private static CasOperation.Builder on(String key, long expectedVersion) {
        return CasOperation.newBuilder()
                .setKey(ByteString.copyFromUtf8(key))
                .setExpectedVersion(expectedVersion);
    }

    private CasBatchResponse batch(CasOperation.Builder... operations) {
        var request = CasBatchRequest.newBuilder().setContext(context);
        for (CasOperation.Builder operation : operations) {
            request.addOperations(operation);
        }
        return kv.casBatch(request.build());
    }

    @Test
    void aBatchIsAllOrNothing() {
        swap(id(1), 0, "one");
        CasOperation.Builder change = on("key", 1).setSwap(ByteString.copyFromUtf8("two"));
        CasOperation.Builder create = on("new", 0).setSwap(ByteString.EMPTY);
        CasOperation.Builder absent = on("gone", 0).setCheck(CasCheck.getDefaultInstance());
        CasOperation.Builder wrong = on("other", 4).setDelete(CasDelete.getDefaultInstance());
        assertThat(batch(change, create, wrong).getConflict().getVersionsList())
                .containsExactly(1L, 0L, 0L);
        assertThat(batch(change, create, absent).getSwapped().getVersionsList())
                .containsExactly(2L, 1L, 0L);
    }

    @Test
    void aBatchThatCannotBeIsRefused() {
        assertThatThrownBy(this::batch).hasMessageContaining("batch is empty");
        assertThatThrownBy(() -> batch(on("key", 1)))
                .hasMessageContaining("the operation on key \"key\" says nothing");
        CasOperation.Builder check = on("key", 0).setCheck(CasCheck.getDefaultInstance());
        swap(id(1), 0, "one");
        long before = store.node().engine().appliedIndex(region());
        assertThatThrownBy(() -> batch(check, check))
                .hasMessageContaining("INVALID_ARGUMENT: key \"key\" is in the batch twice");
        swap(id(2), 1, "two");
        assertThat(store.node().engine().appliedIndex(region())).isEqualTo(before + 1);
    }

    @Test
    void aNumberedBatchThatCannotBeLeavesNoTraceInTheLog() {
        swap(id(1), 0, "one");
        long before = store.node().engine().appliedIndex(region());
        CasOperation.Builder check = on("key", 0).setCheck(CasCheck.getDefaultInstance());
        CasBatchRequest request =
                CasBatchRequest.newBuilder()
                        .setContext(context)
                        .setRequestId(id(2))
                        .addOperations(check)
                        .addOperations(check)
                        .build();

        assertThatThrownBy(() -> kv.casBatch(request))
                .hasMessageContaining("INVALID_ARGUMENT: key \"key\" is in the batch twice");

        swap(id(2), 1, "two");
        assertThat(store.node().engine().appliedIndex(region())).isEqualTo(before + 1);
    }
}
