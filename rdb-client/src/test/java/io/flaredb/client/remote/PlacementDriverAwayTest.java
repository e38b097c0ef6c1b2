package io.flaredb.client.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flaredb.bytes.Bytes;
import io.flaredb.client.FlareDb;
import io.flaredb.client.FlareDbOptions;
import io.flaredb.client.RefusedException;
import io.flaredb.client.UnavailableException;
import io.flaredb.client.remote.ScriptedStore.Step;
import io.flaredb.client.retry.Deadline;
import io.flaredb.client.retry.RetryLoop;
import io.flaredb.client.retry.RetryableException;
import io.flaredb.client.retry.Timer;
import io.grpc.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** The placement driver is needed for what is not known yet, and for nothing else. */
class PlacementDriverAwayTest extends RemoteTest {
    @Test
    void namesThePlacementDriverThatCannotBeReached() {
        placementServer.goAway();

        assertThatThrownBy(() -> impatient().raw().get(KEY))
                .isInstanceOf(UnavailableException.class)
                .hasMessage(
                        "placement driver at "
                                + placementServer.address()
                                + " cannot be reached: connection refused"
                                + " (gave up after 1 s)");
    }

    @Test
    void namesTheHostThatIsUnknown() {
        try (FlareDb lost = FlareDb.connect("no-such-host.invalid:2379", IMPATIENT)) {
            assertThatThrownBy(() -> lost.cluster().clusterId())
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageStartingWith("placement driver at no-such-host.invalid:2379");
        }
    }

    @Test
    void saysThatGarbageIsNoPlacementDriver() throws Exception {
        try (ServerSocket garbage = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread talker = new Thread(() -> talkGarbage(garbage));
            talker.start();
            String address = "127.0.0.1:" + garbage.getLocalPort();
            try (FlareDb lost = FlareDb.connect(address, IMPATIENT)) {
                assertThatThrownBy(() -> lost.cluster().clusterId())
                        .isInstanceOf(UnavailableException.class)
                        .hasMessageStartingWith("placement driver at " + address);
            }
            garbage.close();
            talker.join();
        }
    }

    private static void talkGarbage(ServerSocket listening) {
        while (!listening.isClosed()) {
            try (Socket socket = listening.accept()) {
                socket.getOutputStream().write("SSH-2.0-OpenSSH_9.2\r\n".getBytes());
            } catch (IOException e) {
                // either side has hung up
            }
        }
    }

    @Test
    void waitsForAClusterThatHasNoStoreYet() {
        var routes = placement.routes;
        placement.routes = List.of();

        CompletableFuture<Void> put = db.raw().async().put(KEY, VALUE);
        await().until(() -> placement.lookups.get() >= 2);
        placement.routes = routes;

        put.join();
        assertThat(store.raw).containsEntry(KEY, VALUE);
    }

    @Test
    void waitsForAStoreThatHasNoAddressYet() {
        placement.everythingOn("");

        CompletableFuture<Void> put = db.raw().async().put(KEY, VALUE);
        await().until(() -> placement.lookups.get() >= 2);
        placement.everythingOn(storeServer.address());

        put.join();
        assertThat(store.raw).containsEntry(KEY, VALUE);
    }

    @Test
    void saysThatTheClusterHasNoStore() {
        placement.routes = List.of();

        assertThatThrownBy(() -> impatient().raw().get(KEY))
                .isInstanceOf(UnavailableException.class)
                .hasMessage("cluster 77 has no store yet (gave up after 1 s)");
    }

    @Test
    void goesOnWithoutIt() {
        db.raw().put(KEY, VALUE);
        placementServer.goAway();

        db.raw().put(KEY, Bytes.utf8("w"));
        assertThat(db.raw().get(KEY)).contains(Bytes.utf8("w"));
        assertThat(db.raw().batchGet(List.of(KEY))).hasSize(1);
    }

    @Test
    void keepsTheRouteWhenTheStoreFailsTheReadAndNobodyKnowsBetter() {
        db.raw().put(KEY, VALUE);
        placementServer.goAway();
        store.then(new Step.Fail(Status.UNAVAILABLE), new Step.Fail(Status.UNAVAILABLE));

        assertThat(db.raw().get(KEY)).contains(VALUE);
    }

    @Test
    void blamesTheStoreWhereBothAreAway() {
        impatient().raw().put(KEY, VALUE);
        placementServer.goAway();
        storeServer.goAway();

        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> db.raw().get(KEY))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageStartingWith("store 1 at " + storeServer.address());
        }
    }

    @Test
    void findsAStoreThatCameBackElsewhere() {
        db.raw().put(KEY, VALUE);
        storeServer.goAway();
        try (ScriptedServer elsewhere = ScriptedServer.start(store)) {
            placement.everythingOn(elsewhere.address());

            assertThat(db.raw().get(KEY)).contains(VALUE);
        }
    }

    @Test
    void looksUpOnceForAllWhoMissTheSameRegion() {
        List<CompletableFuture<Optional<Bytes>>> gets =
                java.util.stream.IntStream.range(0, 100)
                        .mapToObj(i -> db.raw().async().get(Bytes.utf8("key" + i)))
                        .toList();
        gets.forEach(CompletableFuture::join);

        assertThat(placement.lookups).hasValue(1);
    }

    @Test
    void joinsALookUpForNoLongerThanItsOwnTimeout() {
        try (Timer timer = new Timer("test-timer");
                Channels channels = new Channels();
                RetryLoop retry = new RetryLoop(timer)) {
            PlacementClient driver = driver(channels, retry);
            driver.clusterId(Deadline.after(Duration.ofSeconds(30))).join();
            Router router = new Router(driver, new Suspects());
            placement.hangs = () -> true;
            router.find(KEY, Deadline.after(Duration.ofDays(1))); // waits a second at a time

            assertThatThrownBy(router.find(KEY, Deadline.after(Duration.ofMillis(50)))::join)
                    .cause()
                    .isInstanceOf(RetryableException.class)
                    .hasMessage(driver.name() + " has not answered")
                    .hasCauseInstanceOf(TimeoutException.class); // of its own, not of the other
        }
    }

    @Test
    void joinsAQuestionForTheClusterForNoLongerThanItsOwnTimeout() {
        try (Timer timer = new Timer("test-timer");
                Channels channels = new Channels();
                RetryLoop retry = new RetryLoop(timer)) {
            PlacementClient driver = driver(channels, retry);
            placement.hangs = () -> true;
            var patient = driver.clusterId(Deadline.after(Duration.ofDays(1)));

            var other = driver.route(KEY, Deadline.after(Duration.ofMillis(50)));

            assertThat(other)
                    .failsWithin(Duration.ofSeconds(10))
                    .withThrowableOfType(ExecutionException.class); // it has ended
            assertThat(patient).isNotDone();
        }
    }

    @Test
    void asksAgainOverANewConnectionWhereNoAnswerComes() {
        for (Function<FlareDb, Object> question :
                List.<Function<FlareDb, Object>>of(
                        own -> own.cluster().clusterId(),
                        own -> own.cluster().stores(),
                        own -> own.cluster().regions())) {
            try (FlareDb own = connect(FlareDbOptions.defaults())) {
                own.tso().next(); // it is connected
                int dead = placementServer.connections.get();
                placement.hangs = () -> placementServer.connections.get() == dead;

                assertThat(question.apply(own)).isNotNull();
            }
        }
    }

    private PlacementClient driver(Channels channels, RetryLoop retry) {
        return new PlacementClient(HostPort.parse(placementServer.address()), channels, retry);
    }

    @Test
    void refusesToGoOnWithAnotherCluster() {
        db.raw().put(KEY, VALUE);
        placement.clusterId = 78;
        storeServer.goAway(); // so that it asks again

        assertThatThrownBy(() -> db.raw().get(KEY))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("this is cluster 78");
        assertThatThrownBy(() -> db.cluster().stores())
                .isInstanceOf(RefusedException.class)
                .hasMessage(
                        "placement driver at "
                                + placementServer.address()
                                + " belongs to cluster 78: this client works with cluster 77");
    }

    @Test
    void saysThatTheAddressIsNotAPlacementDrivers() {
        try (FlareDb confused = FlareDb.connect(storeServer.address(), PATIENT)) {
            assertThatThrownBy(() -> confused.raw().get(KEY))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("placement driver at " + storeServer.address())
                    .hasMessageContaining("is it another kind of server");
        }
    }

    @Test
    void describesTheCluster() {
        assertThat(db.cluster().clusterId()).isEqualTo(77);
        assertThat(db.cluster().stores())
                .singleElement()
                .satisfies(info -> {
                    assertThat(info.address()).isEqualTo(storeServer.address());
                    assertThat(info.stats().orElseThrow().writable()).isTrue();
                });
        assertThat(db.cluster().regions())
                .singleElement()
                .satisfies(info -> {
                    assertThat(info.leaderStoreId()).hasValue(1);
                    assertThat(info.appliedIndex()).isEqualTo(12);
                    assertThat(info.approximateSizeBytes()).isEqualTo(345);
                });
    }
}
