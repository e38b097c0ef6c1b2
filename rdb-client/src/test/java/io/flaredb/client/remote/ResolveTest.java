package io.flaredb.client.remote;

import static io.flaredb.client.remote.ScriptedRequests.forgotten;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.flaredb.client.CasBatchResult;
import io.flaredb.client.CasOperation;
import io.flaredb.client.CasResult;
import io.flaredb.client.FlareDb;
import io.flaredb.client.FlareDbOptions;
import io.flaredb.client.OutcomeUnknownException;
import io.flaredb.client.Resolution;
import io.flaredb.client.VersionedValue;
import io.flaredb.client.remote.ScriptedStore.Step;
import io.flaredb.client.retry.RetryLoop;
import io.flaredb.proto.kv.RequestId;
import io.grpc.Status;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an exception of unknown outcome finds out when it is asked. */
class ResolveTest extends RemoteTest {
    private static final Step HANG = new Step.ApplyAndHang();
    private static final Step NEVER_ARRIVES = new Step.Fail(Status.UNAVAILABLE);
    private static final Step WELL = new Step.Answer();

    private final ExecutorService executor =
            Executors.newSingleThreadExecutor(task -> new Thread(task, "my-own-thread"));

    @BeforeEach
    void beImpatient() {
        impatient();
        await().ignoreExceptions().until(() -> db.raw().get(KEY).isEmpty()); // it is connected
    }

    @AfterEach
    void endExecutor() {
        executor.shutdown();
    }

    /** The deadline of a write ends while the store does this; afterwards it is well again. */
    private OutcomeUnknownException unknown(Step what, Runnable write) {
        store.fromNowOn(what);
        OutcomeUnknownException unknown =
                catchThrowableOfType(OutcomeUnknownException.class, write::run);
        assertThat(unknown).hasMessageEndingWith(" (gave up after 1 s)");
        store.fromNowOn(WELL);
        return unknown;
    }

    @Test
    void findsThatASwapHasHappened() {
        OutcomeUnknownException unknown = unknown(HANG, () -> db.cas().put(KEY, 0, VALUE));

        assertThat(unknown.resolve()).isEqualTo(new Resolution.Swap(new CasResult.Swapped(1)));
    }

    @Test
    void findsThatASwapMetAConflict() {
        store.cas.put(KEY, new VersionedValue(10, VALUE));
        OutcomeUnknownException unknown = unknown(HANG, () -> db.cas().put(KEY, 5, VALUE));

        Resolution.Swap resolved = (Resolution.Swap) unknown.resolve();

        assertThat(resolved.result())
                .isInstanceOfSatisfying(
                        CasResult.Conflict.class,
                        conflict -> assertThat(conflict.currentVersion()).isEqualTo(10));
    }

    @Test
    void findsThatABatchHasHappened() {
        List<CasOperation> batch =
                List.of(CasOperation.swap(KEY, 0, VALUE), CasOperation.check(VALUE, 0));
        OutcomeUnknownException unknown = unknown(HANG, () -> db.cas().batch(batch));

        assertThat(unknown.resolve())
                .isEqualTo(
                        new Resolution.Batch(
                                new CasBatchResult.Swapped(Map.of(KEY, 1L, VALUE, 0L))));
    }

    @Test
    void findsThatRawWritesHaveHappened() {
        assertThat(unknown(HANG, () -> db.raw().put(KEY, VALUE)).resolve())
                .isEqualTo(new Resolution.Written());
        assertThat(unknown(HANG, () -> db.raw().batchPut(Map.of(KEY, VALUE))).resolve())
                .isEqualTo(new Resolution.Written());
    }

    @Test
    void findsThatAnUpdateHasHappened() {
        store.then(WELL); // it reads
        OutcomeUnknownException unknown = unknown(HANG, () -> db.cas().update(KEY, v -> VALUE));

        assertThat(unknown.resolve()).isEqualTo(new Resolution.Swap(new CasResult.Swapped(1)));
    }

    @Test
    void seesToItThatAWriteWhichHasNotHappenedNeverDoes() {
        OutcomeUnknownException unknown = unknown(NEVER_ARRIVES, () -> db.raw().put(KEY, VALUE));
        assertThat(store.raw).isEmpty();

        assertThat(unknown.resolve()).isEqualTo(new Resolution.NotDone());
        int calls = store.calls();
        assertThat(unknown.resolve()).isEqualTo(new Resolution.NotDone());
        assertThat(store.calls()).isEqualTo(calls); // it is final
    }

    @Test
    void keepsTheNumberInFlightUntilThen() {
        OutcomeUnknownException unknown = unknown(HANG, () -> db.raw().put(KEY, VALUE));
        db.raw().put(KEY, VALUE);
        RequestId before = store.ids.get(store.ids.size() - 1);
        assertThat(before.getLowestInFlight()).isEqualTo(1);

        unknown.resolve();

        db.raw().put(KEY, VALUE);
        RequestId after = store.ids.get(store.ids.size() - 1);
        assertThat(after.getLowestInFlight()).isEqualTo(after.getSequence());
    }

    @Test
    void asksAgainUntilThereIsAnAnswer() {
        OutcomeUnknownException unknown = unknown(HANG, () -> db.raw().put(KEY, VALUE));
        store.then(NEVER_ARRIVES, NEVER_ARRIVES);

        assertThat(unknown.resolve()).isEqualTo(new Resolution.Written());
    }

    @Test
    void canBeAskedAgainWhereNoAnswerCame() {
        OutcomeUnknownException unknown = unknown(HANG, () -> db.raw().put(KEY, VALUE));

        OutcomeUnknownException still = unknown(NEVER_ARRIVES, unknown::resolve);

        assertThat(still).hasMessageContaining("could not be found out: store 1 at ");
        assertThat(still.resolve()).isEqualTo(new Resolution.Written());
        assertThat(unknown.resolve()).isEqualTo(new Resolution.Written());
    }

    @Test
    void saysThatTheRegionHasForgotten() {
        OutcomeUnknownException unknown = unknown(HANG, () -> db.raw().put(KEY, VALUE));
        store.refuseFromNowOn(forgotten(5));

        assertThatThrownBy(unknown::resolve)
                .isInstanceOf(OutcomeUnknownException.class)
                .hasMessageContaining("region 1 has forgotten the number of the write");
    }

    @Test
    void saysThatTheClientIsClosed() {
        OutcomeUnknownException unknown = unknown(HANG, () -> db.raw().put(KEY, VALUE));
        db.close();

        assertThatThrownBy(unknown::resolve)
                .isInstanceOf(OutcomeUnknownException.class)
                .hasMessageContaining("the client was closed");
    }

    @Test
    void resolvesWithoutBlockingOnTheExecutorOfTheOptions() {
        try (FlareDb own = connect(IMPATIENT.withExecutor(executor))) {
            store.fromNowOn(HANG);
            AtomicReference<String> ranOn = new AtomicReference<>();

            Resolution resolution =
                    own.raw()
                            .async()
                            .put(KEY, VALUE)
                            .<Resolution>thenApply(done -> new Resolution.NotDone())
                            .exceptionallyCompose(error -> {
                                store.fromNowOn(WELL);
                                return ((OutcomeUnknownException) RetryLoop.unwrap(error))
                                        .resolveAsync()
                                        .whenComplete((r, e) ->
                                                ranOn.set(Thread.currentThread().getName()));
                            })
                            .join();

            assertThat(resolution).isEqualTo(new Resolution.Written());
            assertThat(ranOn).hasValue("my-own-thread");
        }
    }

    @Test
    void resolvesByBlockingOnTheExecutorOfTheOptions() {
        try (FlareDb own = connect(IMPATIENT.withExecutor(executor))) {
            store.fromNowOn(HANG);

            Resolution resolution =
                    own.raw()
                            .async()
                            .put(KEY, VALUE)
                            .<Resolution>thenApply(done -> new Resolution.NotDone())
                            .exceptionally(error -> {
                                store.fromNowOn(WELL);
                                return ((OutcomeUnknownException) RetryLoop.unwrap(error))
                                        .resolve();
                            })
                            .join();

            assertThat(resolution).isEqualTo(new Resolution.Written());
        }
    }

    @Test
    void waitsForAWriteWhoseCallerWasInterrupted() throws Exception {
        db.close();
        db = connect(PATIENT);
        store.fromNowOn(HANG);
        OutcomeUnknownException unknown = interrupted(() -> db.cas().put(KEY, 0, VALUE), 1);
        store.fromNowOn(WELL);

        assertThat(unknown.resolve()).isEqualTo(new Resolution.Swap(new CasResult.Swapped(1)));
    }

    @Test
    void waitsForAnUpdateWhoseCallerWasInterrupted() throws Exception {
        db.close();
        db = connect(PATIENT);
        store.cas.put(KEY, new VersionedValue(7, VALUE));
        store.then(WELL); // it reads
        store.fromNowOn(HANG);
        OutcomeUnknownException unknown =
                interrupted(() -> db.cas().update(KEY, Optional::orElseThrow), 2);
        store.fromNowOn(WELL);

        assertThat(unknown.resolve()).isEqualTo(new Resolution.Swap(new CasResult.Swapped(8)));
    }

    @Test
    void resolvesOnTheExecutorOfTheOptionsAfterAnInterrupt() throws Exception {
        withExecutor(PATIENT);
        store.fromNowOn(HANG);
        OutcomeUnknownException unknown = interrupted(() -> db.cas().put(KEY, 0, VALUE), 1);
        OutcomeUnknownException asking = interrupted(unknown::resolve, 0);
        assertThat(whereItResolves(asking)).isEqualTo("my-own-thread");

        store.then(WELL); // it reads
        store.fromNowOn(HANG);
        assertThat(whereItResolves(interrupted(() -> db.cas().update(KEY, v -> VALUE), 2)))
                .isEqualTo("my-own-thread");
    }

    @Test
    void resolvesOnTheExecutorOfTheOptionsWhereNoAnswerCameBefore() {
        withExecutor(IMPATIENT);
        OutcomeUnknownException unknown = unknown(HANG, () -> db.raw().put(KEY, VALUE));

        OutcomeUnknownException still =
                unknown(NEVER_ARRIVES, () -> joined(unknown.resolveAsync()));
        OutcomeUnknownException again = unknown(NEVER_ARRIVES, still::resolve);

        assertThat(whereItResolves(again)).isEqualTo("my-own-thread");
    }

    private void withExecutor(FlareDbOptions options) {
        db.close();
        db = connect(options.withExecutor(executor));
    }

    private static <T> T joined(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            throw (OutcomeUnknownException) RetryLoop.unwrap(e);
        }
    }

    /** The thread that a dependent runs on; the store answers once there is one. */
    private String whereItResolves(OutcomeUnknownException unknown) {
        CompletableFuture<String> thread;
        synchronized (store) {
            thread = unknown.resolveAsync().thenApply(r -> Thread.currentThread().getName());
            store.fromNowOn(WELL);
        }
        return thread.join();
    }

    /** Interrupts a write once the store has been called as often. */
    private OutcomeUnknownException interrupted(Runnable write, int calls)
            throws InterruptedException {
        AtomicReference<OutcomeUnknownException> thrown = new AtomicReference<>();
        int before = store.calls();
        Thread caller =
                new Thread(() ->
                        thrown.set(
                                catchThrowableOfType(OutcomeUnknownException.class, write::run)));
        caller.start();
        await().until(() -> store.calls() >= before + calls);
        caller.interrupt();
        caller.join();
        return thrown.get();
    }

    @Test
    void hasNobodyToAskAboutAChangeOfARegion() {
        OutcomeUnknownException unknown = new OutcomeUnknownException("it was sent");

        assertThatThrownBy(unknown::resolve)
                .isInstanceOf(OutcomeUnknownException.class)
                .hasMessage("there is nobody to ask what became of it: it was sent");
    }
}
