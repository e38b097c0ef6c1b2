package io.flaredb.pd.server;

import static io.flaredb.pd.Requests.bootstrap;
import static io.flaredb.pd.Requests.heartbeat;
import static io.flaredb.pd.Requests.region;
import static io.flaredb.pd.Requests.register;
import static io.flaredb.pd.Requests.report;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.flaredb.pd.PlacementDriver;
import io.flaredb.pd.PlacementDriverOptions;
import io.flaredb.proto.pd.AllocatePeerIdRequest;
import io.flaredb.proto.pd.GetClusterInfoRequest;
import io.flaredb.proto.pd.GetRegionRequest;
import io.flaredb.proto.pd.GetStoreRequest;
import io.flaredb.proto.pd.GetTsoRequest;
import io.flaredb.proto.pd.ListStoresRequest;
import io.flaredb.proto.pd.PlacementDriverGrpc;
import io.flaredb.proto.pd.PlacementDriverGrpc.PlacementDriverBlockingStub;
import io.flaredb.proto.pd.ScanRegionsRequest;
import io.flaredb.proto.pd.StoreState;
import io.flaredb.rpc.CannotListenException;
import io.flaredb.rpc.HostAndPort;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlacementDriverServerTest {
    private static final HostAndPort ANY = new HostAndPort("127.0.0.1", 0);
    private static final UUID A = new UUID(1, 1);
    private static final UUID B = new UUID(2, 2);
    private static final ByteString LONG_KEY = ByteString.copyFrom(new byte[4_097]);

    @TempDir Path folder;

    private PlacementDriverServer server;
    private ManagedChannel channel;

    @BeforeEach
    void start() {
        server =
                PlacementDriverServer.start(
                        ANY,
                        folder.resolve("pd"),
                        PlacementDriverOptions.defaults(),
                        failure -> {});
        channel =
                NettyChannelBuilder.forAddress("127.0.0.1", server.address().port())
                        .usePlaintext()
                        .build();
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        server.close();
    }

    private PlacementDriverBlockingStub stub() {
        return PlacementDriverGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
    }

    private static void assertRefused(ThrowingCallable call, Status.Code code, String message) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> {
                            assertThat(e.getStatus().getCode()).isEqualTo(code);
                            assertThat(e.getStatus().getDescription()).contains(message);
                        });
    }

    @Test
    void takesAClusterFromNothingToRoutes() {
        long cluster = server.clusterId();
        assertThat(stub().getClusterInfo(GetClusterInfoRequest.getDefaultInstance()))
                .satisfies(info -> assertThat(info.getClusterId()).isEqualTo(cluster))
                .satisfies(info -> assertThat(info.getBootstrapped()).isFalse());
        var getA =
                GetRegionRequest.newBuilder()
                        .setClusterId(cluster)
                        .setKey(ByteString.copyFromUtf8("a"))
                        .build();
        assertThat(stub().getRegion(getA).hasRoute()).isFalse();

        long store = stub().registerStore(register(A, "127.0.0.1:1")).getStoreId();
        var all = region(1, "", "", store);
        assertThat(stub().bootstrap(bootstrap(cluster, store, 1)).getRegionsList())
                .containsExactly(all);
        var unused1 = stub().storeHeartbeat(heartbeat(cluster, store));
        var unused2 = stub().regionHeartbeat(report(cluster, all, 0, 5));

        assertThat(stub().getClusterInfo(GetClusterInfoRequest.getDefaultInstance()))
                .satisfies(info -> assertThat(info.getBootstrapped()).isTrue());
        assertThat(stub().getRegion(getA).getRoute().getLeader()).isEqualTo(all.getPeers(0));
        var scan = ScanRegionsRequest.newBuilder().setClusterId(cluster).setLimit(5).build();
        assertThat(stub().scanRegions(scan).getRoutesList())
                .singleElement()
                .satisfies(route -> assertThat(route.getAppliedIndex()).isEqualTo(5));
        var one = GetStoreRequest.newBuilder().setClusterId(cluster).setStoreId(store).build();
        assertThat(stub().getStore(one).getStore().getState()).isEqualTo(StoreState.STORE_STATE_UP);
        var list = ListStoresRequest.newBuilder().setClusterId(cluster).build();
        assertThat(stub().listStores(list).getStoresList())
                .containsExactly(stub().getStore(one).getStore());
    }

    private static AllocatePeerIdRequest allocate(long clusterId) {
        return AllocatePeerIdRequest.newBuilder().setClusterId(clusterId).build();
    }

    @Test
    void refusesStoresThatDisagreeOnTheFirstRegions() {
        long cluster = server.clusterId();
        long a = stub().registerStore(register(A, "127.0.0.1:1")).getStoreId();
        long b = stub().registerStore(register(B, "127.0.0.1:2")).getStoreId();
        assertThat(stub().bootstrap(bootstrap(cluster, a, 2)).getMissingStores()).isEqualTo(1);
        assertRefused(
                () -> stub().bootstrap(bootstrap(cluster, b, 3)),
                Status.Code.FAILED_PRECONDITION,
                "all stores of a new cluster must ask for the same");
        assertThat(stub().bootstrap(bootstrap(cluster, b, 2)).getBootstrapped()).isTrue();
        assertThat(stub().allocatePeerId(allocate(cluster)).getPeerId()).isEqualTo(3);
    }

    @Test
    void refusesWhatAStoreMayNotRegister() {
        var unused = stub().registerStore(register(A, "127.0.0.1:1"));
        assertRefused(
                () -> stub().registerStore(register(B, "127.0.0.1:1")),
                Status.Code.ALREADY_EXISTS,
                "address 127.0.0.1:1 is registered to store 1");
        assertRefused(
                () ->
                        stub().registerStore(
                                        register(B, "127.0.0.1:2").toBuilder()
                                                .setClusterId(7)
                                                .build()),
                Status.Code.FAILED_PRECONDITION,
                "data folder belongs to cluster 7, this placement driver serves cluster");
        assertRefused(
                () -> stub().registerStore(register(B, "")),
                Status.Code.INVALID_ARGUMENT,
                "address is empty");
        assertRefused(
                () -> stub().registerStore(register(B, "x")),
                Status.Code.INVALID_ARGUMENT,
                "address \"x\" is not host:port");
    }

    @Test
    void refusesRequestsForAnotherCluster() {
        String message = "the request is for cluster 7, this placement driver serves cluster";
        Status.Code code = Status.Code.FAILED_PRECONDITION;
        assertRefused(
                () -> stub().getRegion(GetRegionRequest.newBuilder().setClusterId(7).build()),
                code,
                message);
        assertRefused(
                () ->
                        stub().scanRegions(
                                        ScanRegionsRequest.newBuilder()
                                                .setClusterId(7)
                                                .setLimit(1)
                                                .build()),
                code,
                message);
        assertRefused(
                () -> stub().getStore(GetStoreRequest.newBuilder().setClusterId(7).build()),
                code,
                message);
        assertRefused(
                () -> stub().listStores(ListStoresRequest.newBuilder().setClusterId(7).build()),
                code,
                message);
        assertRefused(() -> stub().storeHeartbeat(heartbeat(7, 1)), code, message);
        assertRefused(
                () -> stub().regionHeartbeat(report(7, region(1, "", "", 1), 0, 0)), code, message);
        assertRefused(() -> stub().allocatePeerId(allocate(7)), code, message);
        assertRefused(() -> stub().bootstrap(bootstrap(7, 1, 1)), code, message);
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        long cluster = server.clusterId();
        assertRefused(
                () -> stub().storeHeartbeat(heartbeat(cluster, 9)),
                Status.Code.NOT_FOUND,
                "no store 9 is registered");
        assertRefused(
                () -> stub().regionHeartbeat(report(cluster, region(9, "", "", 1), 0, 0)),
                Status.Code.NOT_FOUND,
                "no region 9 is known");
        assertRefused(
                () ->
                        stub().getStore(
                                        GetStoreRequest.newBuilder()
                                                .setClusterId(cluster)
                                                .setStoreId(9)
                                                .build()),
                Status.Code.NOT_FOUND,
                "no store 9 is registered");
    }

    @Test
    void refusesArgumentsOutOfRange() {
        long cluster = server.clusterId();
        Status.Code code = Status.Code.INVALID_ARGUMENT;
        assertRefused(
                () -> stub().getTso(GetTsoRequest.newBuilder().setCount(0).build()),
                code,
                "count is 0: allowed are 1 to 262144");
        assertRefused(
                () -> stub().getTso(GetTsoRequest.newBuilder().setCount(262_145).build()),
                code,
                "count is 262145: allowed are 1 to 262144");
        assertRefused(
                () -> stub().getTso(GetTsoRequest.newBuilder().setCount(-1).build()),
                code,
                "count is 4294967295: allowed are 1 to 262144");
        var keyed = GetRegionRequest.newBuilder().setClusterId(cluster).setKey(LONG_KEY);
        assertRefused(
                () -> stub().getRegion(keyed.build()),
                code,
                "key is 4097 bytes: allowed are at most 4096");
        var scan = ScanRegionsRequest.newBuilder().setClusterId(cluster);
        assertRefused(
                () -> stub().scanRegions(scan.build()), code, "limit is 0: allowed are 1 to 10000");
        assertRefused(
                () -> stub().scanRegions(scan.clone().setLimit(1).setStartKey(LONG_KEY).build()),
                code,
                "start_key is 4097 bytes");
        assertRefused(
                () -> stub().scanRegions(scan.clone().setLimit(1).setEndKey(LONG_KEY).build()),
                code,
                "end_key is 4097 bytes");
    }

    @Test
    void streamsTimestampsInTheOrderOfTheRequests() throws Exception {
        try (TsoClient client = new TsoClient(channel)) {
            for (int count = 1; count <= 1_000; count++) {
                client.send(count);
            }
            long end = 0;
            for (int count = 1; count <= 1_000; count++) {
                var answer = client.receive();
                assertThat(answer.getCount()).isEqualTo(count);
                assertThat(answer.getFirst()).isGreaterThanOrEqualTo(end);
                end = answer.getFirst() + count;
            }
        }
    }

    @Test
    void aBadRequestEndsItsStreamWithTheReason() throws Exception {
        try (TsoClient client = new TsoClient(channel)) {
            client.send(1);
            assertThat(client.receive().getCount()).isEqualTo(1);
            client.send(0);
            assertRefused(client::receive, Status.Code.INVALID_ARGUMENT, "count is 0");
        }
    }

    @Test
    void garbageOnThePortDoesNotDisturbClients() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        Random random = new Random(1);
        Thread vandal =
                Thread.ofPlatform()
                        .start(() -> {
                            for (int i = 0; i < 50; i++) {
                                sendGarbage(random);
                            }
                            done.set(true);
                        });
        try (TsoClient client = new TsoClient(channel)) {
            long last = 0;
            while (!done.get()) {
                client.send(1);
                long next = client.receive().getFirst();
                assertThat(next).isGreaterThan(last);
                last = next;
            }
        } finally {
            vandal.join();
        }
        assertThat(stub().getTso(GetTsoRequest.newBuilder().setCount(1).build()).getCount())
                .isEqualTo(1);
    }

    private void sendGarbage(Random random) {
        byte[] garbage = new byte[1 + random.nextInt(10_000)];
        random.nextBytes(garbage);
        try (Socket socket = new Socket("127.0.0.1", server.address().port())) {
            socket.getOutputStream().write(garbage);
        } catch (IOException e) {
            // The server may hang up while the garbage is still coming.
        }
    }

    @Test
    void answersHealthAndReflection() throws Exception {
        assertThat(
                        HealthGrpc.newBlockingStub(channel)
                                .check(
                                        HealthCheckRequest.newBuilder()
                                                .setService("flaredb.pd.v1.PlacementDriver")
                                                .build())
                                .getStatus())
                .isEqualTo(ServingStatus.SERVING);
        var reflection =
                ServerReflectionGrpc.newBlockingV2Stub(channel)
                        .withDeadlineAfter(20, TimeUnit.SECONDS)
                        .serverReflectionInfo();
        reflection.write(
                ServerReflectionRequest.newBuilder()
                        .setFileContainingSymbol("flaredb.pd.v1.PlacementDriver")
                        .build());
        ServerReflectionResponse response = reflection.read();
        assertThat(response.getFileDescriptorResponse().getFileDescriptorProtoCount()).isPositive();
        reflection.cancel("enough", null);
    }

    @Test
    void refusesAPortThatIsTakenAndLetsGoOfTheFolder() {
        Path other = folder.resolve("other");
        assertThatThrownBy(() ->
                        PlacementDriverServer.start(
                                server.address(),
                                other,
                                PlacementDriverOptions.defaults(),
                                failure -> {}))
                .isInstanceOf(CannotListenException.class)
                .hasMessage("cannot listen on %s: the address is already in use", server.address());
        PlacementDriver.open(other, PlacementDriverOptions.defaults(), failure -> {}).close();
    }

    @Test
    void endsItsStreamsAndLetsGoOfTheFolderWhenClosed() throws Exception {
        try (TsoClient client = new TsoClient(channel)) {
            client.send(1);
            long before = client.receive().getFirst();
            server.close();
            server.close();
            assertRefused(
                    client::receive,
                    Status.Code.UNAVAILABLE,
                    "the placement driver is shutting down");
            channel.shutdownNow();
            start();
            assertThat(stub().getTso(GetTsoRequest.newBuilder().setCount(1).build()).getFirst())
                    .isGreaterThan(before);
        }
    }
}
