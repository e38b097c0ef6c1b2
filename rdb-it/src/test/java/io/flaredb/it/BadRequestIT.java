package io.flaredb.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import io.flaredb.bytes.Bytes;
import io.flaredb.client.FlareDb;
import io.flaredb.client.InvalidRequestException;
import io.flaredb.client.RegionInfo;
import io.flaredb.it.process.Cluster;
import io.flaredb.it.process.FlareProcess.Finished;
import io.flaredb.proto.kv.CompareAndSwapRequest;
import io.flaredb.proto.kv.FlareKvGrpc;
import io.flaredb.proto.kv.RawGetRequest;
import io.flaredb.proto.kv.RawPutRequest;
import io.flaredb.proto.kv.RegionContext;
import io.flaredb.proto.meta.RegionEpoch;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests that break a rule, as typed by a person, made by a program, and sent by a foreign
 * client.
 */
class BadRequestIT {
    private static final String LONGEST_KEY = "k".repeat(4 * 1024);
    private static final int LARGEST_VALUE_BYTES = 4 * 1024 * 1024;

    @SuppressWarnings("NullAway.Init")
    private static Cluster cluster;

    @SuppressWarnings("NullAway.Init")
    private static FlareDb db;

    @BeforeAll
    static void start(@TempDir Path folder) {
        cluster = Cluster.started(folder);
        db = FlareDb.connect(cluster.pdAddress());
        db.raw().put(Bytes.utf8("untouched"), Bytes.utf8("value"));
    }

    @AfterAll
    static void stop() {
        db.close();
        cluster.close();
    }

    @AfterEach
    void stillServes() {
        assertThat(cluster.pd().isAlive()).isTrue();
        assertThat(cluster.server().isAlive()).isTrue();
        assertThat(db.raw().get(Bytes.utf8("untouched"))).contains(Bytes.utf8("value"));
        assertThat(db.tso().next()).isPositive();
    }

    static Stream<Arguments> refusedRequests() {
        return Stream.of(
                refused("key is empty", "raw", "put", "", "v"),
                refused("key is empty", "raw", "get", ""),
                refused("key is empty", "cas", "put", "", "v", "--expect", "0"),
                refused("4096", "raw", "put", LONGEST_KEY + "k", "v"),
                refused("4096", "raw", "get", LONGEST_KEY + "k"),
                refused("4096", "cas", "delete", LONGEST_KEY + "k", "--expect", "0"),
                refused("seven", "cas", "put", "k", "v", "--expect", "seven"),
                refused("-1", "cas", "put", "k", "v", "--expect=-1"),
                refused(
                        "18446744073709551616",
                        "cas",
                        "delete",
                        "k",
                        "--expect",
                        "18446744073709551616"),
                refused("--colour", "raw", "get", "k", "--colour"),
                refused("frobnicate", "frobnicate"),
                refused("many", "tso", "--count", "many"),
                refused("soon", "raw", "get", "k", "--timeout", "soon"),
                refused("nowhere", "raw", "get", "k", "--pd", "nowhere"),
                refused("127.0.0.1:99999", "raw", "get", "k", "--pd", "127.0.0.1:99999"),
                refused("hex", "raw", "get", "zz", "--encoding", "hex"));
    }

    private static Arguments refused(String named, String... command) {
        return Arguments.of(named, command);
    }

    @ParameterizedTest
    @MethodSource("refusedRequests")
    void isRefusedWithALineThatNamesWhatIsWrong(String named, String[] command) {
        Finished finished = cluster.cli().run(command);

        assertThat(finished.exitCode()).as(finished.toString()).isEqualTo(2);
        assertThat(finished.stderr())
                .contains(named)
                .startsWith("flaredb: ")
                .doesNotContain("\tat ");
        assertThat(finished.stdout()).isEmpty();
    }

    @Test
    void takesTheLongestKey() {
        Finished put = cluster.cli().run("cas", "put", LONGEST_KEY, "v", "--expect", "0");

        assertThat(put.exitCode()).as(put.toString()).isZero();
    }

    @Test
    void clientRefusesAValueOverItsLimitAndTakesTheLargest() {
        Bytes key = Bytes.utf8("large");
        Bytes largest = Bytes.wrap(new byte[LARGEST_VALUE_BYTES]);

        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> db.raw().put(key, Bytes.wrap(new byte[LARGEST_VALUE_BYTES + 1])))
                .withMessageContaining("4194304");

        assertThat(db.raw().get(key)).isEmpty();
        db.raw().put(key, largest);
        assertThat(db.raw().get(key)).contains(largest);
    }

    /** The door itself: what a client in another language would meet. */
    @ParameterizedTest
    @ValueSource(ints = {0, 4 * 1024 + 1})
    void storeRefusesAKeyOfWrongSize(int sizeBytes) {
        ByteString key = ByteString.copyFrom(new byte[sizeBytes]);
        RawGetRequest get = RawGetRequest.newBuilder().setContext(region()).setKey(key).build();
        CompareAndSwapRequest swap =
                CompareAndSwapRequest.newBuilder().setContext(region()).setKey(key).build();

        assertRefused("key", stub -> stub.rawPut(rawPut(key, ByteString.EMPTY)));
        assertRefused("key", stub -> stub.rawGet(get));
        assertRefused("key", stub -> stub.compareAndSwap(swap));
    }

    @Test
    void storeRefusesAValueOverItsLimit() {
        ByteString key = ByteString.copyFromUtf8("large over the wire");
        ByteString value = ByteString.copyFrom(new byte[LARGEST_VALUE_BYTES + 1]);

        assertRefused("value", stub -> stub.rawPut(rawPut(key, value)));

        assertThat(db.raw().get(Bytes.utf8("large over the wire"))).isEmpty();
    }

    /** A message that is far too large must be refused before it fills the store's memory. */
    @Test
    void storeRefusesAMessageOverItsLimit() {
        ByteString key = ByteString.copyFromUtf8("huge over the wire");
        ByteString value = ByteString.copyFrom(new byte[64 * 1024 * 1024]);

        Status status = statusOf(stub -> stub.rawPut(rawPut(key, value)));

        assertThat(status.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(db.raw().get(Bytes.utf8("huge over the wire"))).isEmpty();
    }

    private static RawPutRequest rawPut(ByteString key, ByteString value) {
        return RawPutRequest.newBuilder().setContext(region()).setKey(key).setValue(value).build();
    }

    /** The right address, so that nothing but the size is wrong. */
    private static RegionContext region() {
        RegionInfo region = db.cluster().regions().getFirst();
        return RegionContext.newBuilder()
                .setClusterId(db.cluster().clusterId())
                .setRegionId(region.id())
                .setRegionEpoch(
                        RegionEpoch.newBuilder()
                                .setConfVersion(region.epoch().confVersion())
                                .setVersion(region.epoch().version()))
                .build();
    }

    private static void assertRefused(String named, KvCall call) {
        Status status = statusOf(call);

        assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(status.getDescription()).contains(named).contains("allowed");
    }

    private static Status statusOf(KvCall call) {
        ManagedChannel channel =
                Grpc.newChannelBuilder(cluster.serverAddress(), InsecureChannelCredentials.create())
                        .build();
        try {
            call.send(FlareKvGrpc.newBlockingStub(channel));
            return Status.OK;
        } catch (StatusRuntimeException e) {
            return e.getStatus();
        } finally {
            channel.shutdownNow();
        }
    }

    /** One request by hand. */
    private interface KvCall {
        void send(FlareKvGrpc.FlareKvBlockingStub stub);
    }
}
