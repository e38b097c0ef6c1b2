package io.flaredb.client.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.flaredb.bytes.Bytes;
import io.flaredb.client.FlareDb;
import io.flaredb.client.FlareDbException;
import io.flaredb.client.InvalidRequestException;
import io.flaredb.client.OutcomeUnknownException;
import io.flaredb.client.RefusedException;
import io.flaredb.client.UnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Closing, bounds, interrupts, and the threads that results arrive on. */
class ClientLifecycleTest extends RemoteTest {
    private static final Path OPEN_FILES = Path.of("/proc/self/fd");

    @Test
    void failsWhatIsUnderWayWhenClosed() {
        store.hangFromNowOn();
        placement.timestamps = request -> null;
        CompletableFuture<Optional<Bytes>> get = db.raw().async().get(KEY);
        CompletableFuture<Void> put = db.raw().async().put(KEY, VALUE);
        CompletableFuture<Long> timestamp = db.tso().async().next();
        await().until(() -> store.calls() >= 2 && placement.timestampCounts.size() == 1);

        db.close();

        assertFailed(get, UnavailableException.class, "the client was closed");
        assertFailed(put, OutcomeUnknownException.class, "may have happened");
        assertFailed(timestamp, UnavailableException.class, "the client was closed");
    }

    @Test
    void failsWhatWaitsForAnotherAttemptWhenClosed() {
        storeServer.goAway();
        CompletableFuture<Void> put = db.raw().async().put(KEY, VALUE);
        await().until(() -> placement.lookups.get() >= 2);

        db.close();

        assertFailed(put, UnavailableException.class, "the client was closed");
    }

    private static void assertFailed(
            CompletableFuture<?> future,
            Class<? extends FlareDbException> kind,
            String messagePart) {
        assertThatThrownBy(future::join)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOf(kind)
                .hasMessageContaining(messagePart);
    }

    @Test
    void refusesWorkOnceClosed() {
        db.close();
        db.close();

        assertThatThrownBy(() -> db.raw().get(KEY))
                .isInstanceOf(RefusedException.class)
                .hasMessage("this client is closed");
    }

    @Test
    void leavesNothingOpenWhereTheAddressIsMalformed() throws Exception {
        assumeTrue(Files.isDirectory(OPEN_FILES), "there is no " + OPEN_FILES);
        long before = openFiles();

        for (int i = 0; i < 100; i++) {
            assertThatThrownBy(() -> FlareDb.connect("nonsense"))
                    .isInstanceOf(InvalidRequestException.class);
        }

        assertThat(openFiles()).isLessThan(before + 50); // others may open some
    }

    private static long openFiles() throws IOException {
        try (Stream<Path> files = Files.list(OPEN_FILES)) {
            return files.count();
        }
    }

    @Test
    void boundsWhatIsInFlight() {
        store.hangFromNowOn();
        try (FlareDb small = connect(PATIENT.withMaxInFlight(2))) {
            small.raw().async().put(KEY, VALUE);
            small.raw().async().put(KEY, VALUE);
            await().until(() -> store.calls() >= 2);

            assertThatThrownBy(() -> small.raw().put(KEY, VALUE))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessage("2 operations are in flight, as many as max-in-flight allows");
        }
    }

    @Test
    void givesPlaceBackWhenAnOperationEnds() {
        try (FlareDb small = connect(PATIENT.withMaxInFlight(1))) {
            for (int i = 0; i < 10; i++) {
                small.raw().put(KEY, VALUE);
                assertThatThrownBy(() -> small.raw().get(Bytes.EMPTY)).isNotNull();
            }
        }
    }

    @Test
    void saysThatAnInterruptedWriteMayHaveHappened() throws Exception {
        assertThat(thrownWhenInterrupted(() -> db.raw().put(KEY, VALUE)))
                .isInstanceOf(OutcomeUnknownException.class)
                .hasMessageStartingWith("interrupted");
    }

    @Test
    void endsAnInterruptedRead() throws Exception {
        assertThat(thrownWhenInterrupted(() -> db.raw().get(KEY)))
                .isInstanceOf(UnavailableException.class)
                .hasMessageStartingWith("interrupted");
    }

    private Throwable thrownWhenInterrupted(Runnable operation) throws InterruptedException {
        store.hangFromNowOn();
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        AtomicReference<Boolean> flagSet = new AtomicReference<>();
        Thread caller =
                new Thread(() -> {
                    try {
                        operation.run();
                    } catch (RuntimeException e) {
                        thrown.set(e);
                        flagSet.set(Thread.currentThread().isInterrupted());
                    }
                });
        caller.start();
        await().until(() -> store.calls() >= 1);
        caller.interrupt();
        caller.join();
        assertThat(flagSet).hasValue(true);
        return thrown.get();
    }

    @Test
    void throwsWithTheCallersStack() {
        storeServer.goAway();

        assertThatThrownBy(() -> impatient().raw().get(KEY))
                .satisfies(thrown ->
                        assertThat(thrown.getStackTrace())
                                .extracting(StackTraceElement::getClassName)
                                .contains(ClientLifecycleTest.class.getName()));
    }

    @Test
    void completesFuturesOnTheExecutorOfTheOptions() {
        ExecutorService executor =
                Executors.newSingleThreadExecutor(task -> new Thread(task, "my-own-thread"));
        try (FlareDb own = connect(PATIENT.withExecutor(executor))) {
            CompletableFuture<String> ranOn =
                    own.raw().async().get(KEY).thenApply(v -> Thread.currentThread().getName());

            assertThat(ranOn.join()).isEqualTo("my-own-thread");
        } finally {
            executor.shutdown();
        }
    }

    @Test
    void completesFuturesEvenIfTheExecutorIsShutDown() {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        executor.shutdown();
        try (FlareDb own = connect(PATIENT.withExecutor(executor))) {
            assertThat(own.raw().async().get(KEY).join()).isEmpty();
        }
    }

    @Test
    void letsADependentStageBlock() {
        CompletableFuture<Optional<Bytes>> chained =
                db.raw().async().put(KEY, VALUE).thenApply(done -> db.raw().get(KEY));

        assertThat(chained.join()).contains(VALUE);
    }
}
