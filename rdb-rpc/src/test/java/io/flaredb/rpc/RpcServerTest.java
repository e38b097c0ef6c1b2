package io.flaredb.rpc;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.BindableService;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.net.ConnectException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RpcServerTest {
    private static final HostAndPort ANY = new HostAndPort("127.0.0.1", 0);
    private static final Duration GRACE = Duration.ofSeconds(30);

    private static final ServerReflectionRequest LIST_SERVICES =
            ServerReflectionRequest.newBuilder().setListServices("").build();

    private final GatedService gated = new GatedService();
    private RpcServer server;
    private ManagedChannel channel;

    @BeforeEach
    void start() {
        server = RpcServer.start(ANY, List.of(gated), GRACE);
        server.becomeReady();
        channel =
                NettyChannelBuilder.forAddress("127.0.0.1", server.address().port())
                        .usePlaintext()
                        .build();
    }

    @AfterEach
    void stop() {
        gated.gate.countDown();
        channel.shutdownNow();
        server.close();
    }

    @Test
    void tellsItsRealPort() {
        assertThat(server.address().port()).isPositive();
    }

    @Test
    void answersHealthChecksForTheProcessAndEachService() {
        assertThat(health("")).isEqualTo(ServingStatus.SERVING);
        assertThat(health(GatedService.NAME)).isEqualTo(ServingStatus.SERVING);
        assertThatThrownBy(() -> health("no.such.Service"))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND));
    }

    @Test
    void listsItsServicesByReflection() throws Exception {
        ReflectionAnswer answer = new ReflectionAnswer();
        StreamObserver<ServerReflectionRequest> requests =
                ServerReflectionGrpc.newStub(channel).serverReflectionInfo(answer);
        requests.onNext(LIST_SERVICES);
        requests.onCompleted();
        assertThat(
                        answer.first
                                .get(10, TimeUnit.SECONDS)
                                .getListServicesResponse()
                                .getServiceList())
                .extracting(service -> service.getName())
                .contains("grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection");
    }

    @Test
    void refusesAnAddressThatIsTaken() {
        assertThatThrownBy(() -> RpcServer.start(server.address(), List.of(), GRACE))
                .isInstanceOf(CannotListenException.class)
                .hasMessage("cannot listen on %s: the address is already in use", server.address());
    }

    @Test
    void refusesAHostItCannotFind() {
        assertThatThrownBy(() ->
                        RpcServer.start(
                                HostAndPort.parse("no-such-host.invalid:1"), List.of(), GRACE))
                .isInstanceOf(CannotListenException.class)
                .hasMessage("cannot listen on no-such-host.invalid:1: unknown host");
    }

    @Test
    void garbageClosesItsOwnConnectionOnly() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", server.address().port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write("\0\1\2garbage\r\n\r\n".repeat(100).getBytes(US_ASCII));
            socket.getOutputStream().flush();
            // The server may say goodbye in HTTP/2 first; then it closes.
            assertThat(socket.getInputStream().readAllBytes()).hasSizeLessThan(1_000);
        }
        assertThat(health("")).isEqualTo(ServingStatus.SERVING);
    }

    @Test
    void refusesMessagesThatAreCompressed() {
        assertThatThrownBy(() ->
                        HealthGrpc.newBlockingStub(channel)
                                .withCompression("gzip")
                                .check(HealthCheckRequest.newBuilder().setService("").build()))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e ->
                                assertThat(e.getStatus().getCode())
                                        .isEqualTo(Status.Code.UNIMPLEMENTED));
        assertThat(health("")).isEqualTo(ServingStatus.SERVING);
    }

    @Test
    void closesTheConnectionOfAClientThatIsSilentForLong() throws Exception {
        byte[] settings = {0, 0, 0, 4, 0, 0, 0, 0, 0};
        try (RpcServer impatient =
                        RpcServer.start(
                                ANY, List.of(), GRACE, new EventLoops(), Duration.ofMillis(200));
                Socket socket = new Socket("127.0.0.1", impatient.address().port())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII));
            socket.getOutputStream().write(settings);
            socket.getOutputStream().flush();
            // Asks, is not answered, and hangs up.
            assertThat(socket.getInputStream().readAllBytes()).hasSizeLessThan(1_000);
        }
    }

    @Test
    void finishesAcceptedCallsBeforeItStops() throws Exception {
        var call =
                ClientCalls.futureUnaryCall(
                        channel.newCall(GatedService.METHOD, CallOptions.DEFAULT),
                        HealthCheckRequest.getDefaultInstance());
        assertThat(gated.entered.await(10, TimeUnit.SECONDS)).isTrue();
        server.stopAccepting();
        gated.gate.countDown();
        server.close();
        assertThat(call.get(10, TimeUnit.SECONDS)).isNotNull();
        assertThatThrownBy(() -> new Socket("127.0.0.1", server.address().port()).close())
                .isInstanceOf(ConnectException.class);
    }

    @Test
    void endsHealthWatchesWithTheWordThatItDoesNotServeWhenItStops() {
        var updates =
                HealthGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(10, TimeUnit.SECONDS)
                        .watch(HealthCheckRequest.getDefaultInstance());
        assertThat(updates.next().getStatus()).isEqualTo(ServingStatus.SERVING);

        server.stopAccepting();

        assertThat(updates)
                .toIterable()
                .extracting(HealthCheckResponse::getStatus)
                .containsExactly(ServingStatus.NOT_SERVING);
    }

    @Test
    void endsReflectionStreamsWhenItStops() throws Exception {
        ReflectionAnswer answer = new ReflectionAnswer();
        ServerReflectionGrpc.newStub(channel).serverReflectionInfo(answer).onNext(LIST_SERVICES);
        answer.first.get(10, TimeUnit.SECONDS);

        server.stopAccepting();

        answer.ended.get(10, TimeUnit.SECONDS);
    }

    @Test
    void cutsOffWhatIsLeftAfterTheGrace() throws Exception {
        GatedService neverOver = new GatedService();
        try (RpcServer impatient = RpcServer.start(ANY, List.of(neverOver), Duration.ofMillis(1))) {
            ManagedChannel other =
                    NettyChannelBuilder.forAddress("127.0.0.1", impatient.address().port())
                            .usePlaintext()
                            .build();
            try {
                var call =
                        ClientCalls.futureUnaryCall(
                                other.newCall(GatedService.METHOD, CallOptions.DEFAULT),
                                HealthCheckRequest.getDefaultInstance());
                assertThat(neverOver.entered.await(10, TimeUnit.SECONDS)).isTrue();
                impatient.close();
                assertThatThrownBy(() -> call.get(10, TimeUnit.SECONDS))
                        .hasCauseInstanceOf(StatusRuntimeException.class);
            } finally {
                other.shutdownNow();
            }
        }
    }

    private ServingStatus health(String service) {
        HealthCheckResponse response =
                HealthGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(10, TimeUnit.SECONDS)
                        .check(HealthCheckRequest.newBuilder().setService(service).build());
        return response.getStatus();
    }

    /** Answers once its gate is open. */
    private static final class GatedService implements BindableService {
        static final String NAME = "flaredb.test.Gated";
        static final MethodDescriptor<HealthCheckRequest, HealthCheckResponse> METHOD =
                HealthGrpc.getCheckMethod().toBuilder()
                        .setFullMethodName(NAME + "/Wait")
                        .setSchemaDescriptor(null)
                        .build();

        final CountDownLatch entered = new CountDownLatch(1);
        final CountDownLatch gate = new CountDownLatch(1);

        @Override
        public ServerServiceDefinition bindService() {
            return ServerServiceDefinition.builder(NAME)
                    .addMethod(
                            METHOD,
                            ServerCalls.asyncUnaryCall((request, observer) -> {
                                entered.countDown();
                                Thread.ofVirtual().start(() -> answerOnceOpen(observer));
                            }))
                    .build();
        }

        private void answerOnceOpen(StreamObserver<HealthCheckResponse> observer) {
            try {
                gate.await();
                observer.onNext(HealthCheckResponse.getDefaultInstance());
                observer.onCompleted();
            } catch (InterruptedException e) {
                observer.onError(e);
            }
        }
    }

    /** The first answer of a reflection stream, and its end. */
    private static final class ReflectionAnswer
            implements StreamObserver<ServerReflectionResponse> {
        final CompletableFuture<ServerReflectionResponse> first = new CompletableFuture<>();
        final CompletableFuture<Void> ended = new CompletableFuture<>();

        @Override
        public void onNext(ServerReflectionResponse response) {
            first.complete(response);
        }

        @Override
        public void onError(Throwable failure) {
            first.completeExceptionally(failure);
            ended.completeExceptionally(failure);
        }

        @Override
        public void onCompleted() {
            ended.complete(null);
        }
    }
}
