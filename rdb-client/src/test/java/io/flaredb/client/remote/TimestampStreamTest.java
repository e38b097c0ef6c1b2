package io.flaredb.client.remote;

import static io.flaredb.client.remote.ScriptedPlacement.timestamps;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flaredb.client.CorruptionException;
import io.flaredb.client.FlareDb;
import io.flaredb.client.FlareDbOptions;
import io.flaredb.client.TimestampRange;
import io.flaredb.client.Tso;
import io.flaredb.client.UnavailableException;
import io.flaredb.client.retry.Deadline;
import io.flaredb.client.retry.RetryLoop;
import io.flaredb.client.retry.Timer;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TimestampStreamTest extends RemoteTest {
    @Test
    void givesTimestampsThatGrow() {
        long last = 0;
        for (int i = 0; i < 100; i++) {
            TimestampRange range = db.tso().next(1 + i % 3);
            assertThat(range.first()).isGreaterThan(last);
            last = range.last();
        }
        assertThat(placement.openStreams).hasValue(1);
    }

    @Test
    void asksForAllWaitingCallersTogether() {
        CountDownLatch letGo = new CountDownLatch(1);
        placement.timestamps =
                request -> {
                    awaitUninterruptibly(letGo);
                    return placement.grow(request);
                };
        CompletableFuture<Long> first = db.tso().async().next();
        await().until(() -> placement.timestampCounts.size() == 1);
        List<CompletableFuture<TimestampRange>> others =
                IntStream.range(0, 50).mapToObj(i -> db.tso().async().next(2)).toList();
        letGo.countDown();

        long last = first.join();
        for (CompletableFuture<TimestampRange> other : others) {
            assertThat(other.join().first()).isEqualTo(last + 1); // in the order they came
            last = other.join().last();
        }
        assertThat(placement.timestampCounts).containsExactly(1, 100);
    }

    @Test
    void asksForNoMoreThanOneMessageMayHold() {
        CountDownLatch letGo = new CountDownLatch(1);
        placement.timestamps =
                request -> {
                    awaitUninterruptibly(letGo);
                    return placement.grow(request);
                };
        List<CompletableFuture<TimestampRange>> calls = new ArrayList<>();
        calls.add(db.tso().async().next(1));
        await().until(() -> placement.timestampCounts.size() == 1);
        calls.add(db.tso().async().next(Tso.MAX_COUNT));
        calls.add(db.tso().async().next(Tso.MAX_COUNT - 1));
        calls.add(db.tso().async().next(1));
        letGo.countDown();

        calls.forEach(CompletableFuture::join);
        assertThat(placement.timestampCounts).containsExactly(1, Tso.MAX_COUNT, Tso.MAX_COUNT);
    }

    @Test
    void failsLoudlyWhenTimestampsDoNotGrow() {
        placement.timestamps = request -> timestamps(5_000, request.getCount());
        assertThat(db.tso().next(10).last()).isEqualTo(5_009);
        placement.timestamps = request -> timestamps(5_009, request.getCount());

        assertThatThrownBy(() -> db.tso().next())
                .isInstanceOf(CorruptionException.class)
                .hasMessage(
                        "placement driver at "
                                + placementServer.address()
                                + " sent timestamp 5009 after 5009: timestamps must grow");
    }

    @Test
    void comparesTimestampsUnsigned() {
        placement.timestamps = request -> timestamps(Long.MAX_VALUE, request.getCount());
        db.tso().next();
        placement.timestamps = request -> timestamps(Long.MIN_VALUE, request.getCount());

        assertThat(db.tso().next()).isEqualTo(Long.MIN_VALUE);
    }

    @Test
    void failsLoudlyWhenItGetsFewerThanItAskedFor() {
        placement.timestamps = request -> timestamps(5_000, request.getCount() - 1);

        assertThatThrownBy(() -> db.tso().next(3))
                .isInstanceOf(CorruptionException.class)
                .hasMessageContaining("was asked for 3 timestamps and sent 2");
    }

    @Test
    void asksAgainWhenTheStreamBreaks() {
        AtomicInteger failures = new AtomicInteger(3);
        placement.timestamps =
                request -> {
                    if (failures.getAndDecrement() > 0) {
                        throw Status.UNAVAILABLE.asRuntimeException();
                    }
                    return placement.grow(request);
                };

        assertThat(db.tso().next()).isPositive();
        assertThat(placement.openStreams).hasValue(4);
    }

    @Test
    void growsOnOverARestartOfThePlacementDriver() {
        long before = db.tso().next();
        placementServer.goAway();
        placementServer.comeBack();

        assertThat(db.tso().next()).isGreaterThan(before);
    }

    @Test
    void givesUpOnAPlacementDriverThatDoesNotAnswer() {
        placement.timestamps = request -> null;

        assertThatThrownBy(() -> impatient().tso().next())
                .isInstanceOf(UnavailableException.class)
                .hasMessage(
                        "placement driver at "
                                + placementServer.address()
                                + " has not answered (gave up after 1 s)");
        placement.timestamps = placement::grow;
        assertThat(db.tso().next()).isPositive(); // on a new stream
    }

    @Test
    void connectsAnewToAPlacementDriverThatDoesNotAnswer() {
        placement.timestamps = request -> null;
        assertThatThrownBy(() -> impatient().tso().next()).hasMessageContaining("has not answered");
        int before = placementServer.connections.get();

        placement.timestamps = placement::grow;
        assertThat(db.tso().next()).isPositive();
        assertThat(placementServer.connections).hasValueGreaterThan(before);
    }

    @Test
    void asksAgainOverANewConnectionWhereNoAnswerComes() {
        try (FlareDb own = connect(FlareDbOptions.defaults())) {
            long before = own.tso().next(); // it is connected
            int dead = placementServer.connections.get();
            placement.timestamps =
                    request ->
                            placementServer.connections.get() == dead
                                    ? null
                                    : placement.grow(request);
            var first = own.tso().async().next();
            await().until(() -> placement.timestampCounts.size() == 2);
            var second = own.tso().async().next();

            assertThat(first.join()).isGreaterThan(before);
            assertThat(second.join()).isGreaterThan(first.join()); // in the order they came
        }
    }

    @Test
    void endsEachCallAtItsOwnDeadline() {
        placement.timestamps = request -> null;
        try (Timer timer = new Timer("test-timer");
                Channels channels = new Channels();
                TimestampStream stream = stream(channels, timer)) {
            var soon = stream.next(1, Deadline.after(Duration.ofMillis(1_500)));
            var late = stream.next(2, Deadline.after(Duration.ofDays(1)));

            assertThat(soon)
                    .failsWithin(Duration.ofSeconds(10))
                    .withThrowableOfType(ExecutionException.class); // it has ended
            assertThat(late).isNotDone();
            assertThat(placement.timestampCounts).contains(3); // it was asked for both together
        }
    }

    private TimestampStream stream(Channels channels, Timer timer) {
        HostPort address = HostPort.parse(placementServer.address());
        return new TimestampStream(
                new PlacementClient(address, channels, new RetryLoop(timer)), channels, timer);
    }

    @Test
    void namesNoFailureThatIsOver() {
        AtomicInteger failures = new AtomicInteger(1);
        placement.timestamps =
                request -> {
                    if (failures.getAndDecrement() > 0) {
                        throw Status.UNAVAILABLE.asRuntimeException();
                    }
                    return placement.grow(request);
                };
        try (Timer timer = new Timer("test-timer");
                Channels channels = new Channels();
                TimestampStream stream = stream(channels, timer)) {
            stream.next(1, Deadline.after(PATIENT.timeout())).join();
            placement.timestamps = request -> null;

            // Shorter than what a message may take: the call ends before the stream is given up.
            var next = stream.next(1, Deadline.after(Duration.ofMillis(20)));

            assertThatThrownBy(next::join)
                    .cause()
                    .hasMessage(
                            "placement driver at "
                                    + placementServer.address()
                                    + " has not answered (gave up after 20 ms)");
        }
    }

    @Test
    void givesUpOnAPlacementDriverThatCannotBeReached() {
        placementServer.goAway();

        assertThatThrownBy(() -> impatient().tso().next())
                .isInstanceOf(UnavailableException.class)
                .hasMessage(
                        "placement driver at "
                                + placementServer.address()
                                + " cannot be reached: connection refused"
                                + " (gave up after 1 s)");
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
