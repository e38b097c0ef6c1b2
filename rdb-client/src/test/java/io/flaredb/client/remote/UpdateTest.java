package io.flaredb.client.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flaredb.bytes.Bytes;
import io.flaredb.client.CasResult;
import io.flaredb.client.InvalidRequestException;
import io.flaredb.client.OutcomeUnknownException;
import io.flaredb.client.VersionedValue;
import io.flaredb.client.remote.ScriptedStore.Step;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Compare-and-swap, and the loop that is built on it. */
class UpdateTest extends RemoteTest {
    private static Bytes plusOne(Optional<Bytes> value) {
        long current = value.map(bytes -> Long.parseLong(bytes.utf8())).orElse(0L);
        return Bytes.utf8(Long.toString(current + 1));
    }

    @Test
    void saysAtWhichVersionAConflictIs() {
        store.cas.put(KEY, new VersionedValue(10, VALUE));

        assertThat(db.cas().put(KEY, 5, Bytes.utf8("w")))
                .isEqualTo(new CasResult.Conflict(10, Optional.of(VALUE)));
        assertThat(db.cas().put(KEY, 10, Bytes.utf8("w"))).isEqualTo(new CasResult.Swapped(11));
        assertThat(db.cas().get(KEY)).contains(new VersionedValue(11, Bytes.utf8("w")));
    }

    @Test
    void createsAndReplaces() {
        assertThat(db.cas().update(KEY, UpdateTest::plusOne))
                .isEqualTo(new VersionedValue(1, Bytes.utf8("1")));
        assertThat(db.cas().async().update(KEY, UpdateTest::plusOne).join())
                .isEqualTo(new VersionedValue(2, Bytes.utf8("2")));
    }

    @Test
    void losesNoUpdateAmongMany() throws Exception {
        int threads = 8;
        int each = 25;
        List<Thread> running = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            Thread thread =
                    new Thread(() -> {
                        for (int j = 0; j < each; j++) {
                            db.cas().update(KEY, UpdateTest::plusOne);
                        }
                    });
            thread.start();
            running.add(thread);
        }
        for (Thread thread : running) {
            thread.join();
        }
        assertThat(db.cas().get(KEY))
                .contains(
                        new VersionedValue(
                                threads * each, Bytes.utf8(Integer.toString(threads * each))));
    }

    @Test
    void runsTheFunctionOnTheCallersThread() {
        AtomicReference<Thread> ranOn = new AtomicReference<>();

        db.cas()
                .update(
                        KEY,
                        value -> {
                            ranOn.set(Thread.currentThread());
                            return VALUE;
                        });

        assertThat(ranOn).hasValue(Thread.currentThread());
    }

    @Test
    void throwsWhatTheFunctionThrows() {
        IllegalStateException own = new IllegalStateException("no");

        assertThatThrownBy(() ->
                        db.cas()
                                .update(
                                        KEY,
                                        value -> {
                                            throw own;
                                        }))
                .isSameAs(own);
        assertThat(store.cas).isEmpty();
    }

    @Test
    void checksWhatTheFunctionReturns() {
        Bytes tooLong = Bytes.wrap(new byte[4 * 1024 * 1024 + 1]);

        assertThatThrownBy(() -> db.cas().update(KEY, value -> tooLong))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("value is 4194305 bytes: allowed are at most 4194304");
    }

    @Test
    void repeatsASwapWhoseAnswerIsLostAsItWas() {
        store.then(new Step.Answer(), new Step.ApplyAndFail(Status.UNAVAILABLE));
        AtomicInteger runs = new AtomicInteger();

        VersionedValue updated =
                db.cas()
                        .update(
                                KEY,
                                value -> {
                                    runs.incrementAndGet();
                                    return VALUE;
                                });

        assertThat(updated).isEqualTo(new VersionedValue(1, VALUE));
        assertThat(runs).hasValue(1);
        assertThat(store.calls()).isEqualTo(3);
    }

    @Test
    void endsWhenItsCallerIsInterrupted() throws Exception {
        store.then(new Step.Answer(), new Step.ApplyAndHang());
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread caller =
                new Thread(() -> {
                    try {
                        db.cas().update(KEY, UpdateTest::plusOne);
                    } catch (RuntimeException e) {
                        thrown.set(e);
                    }
                });
        caller.start();
        await().until(() -> store.calls() >= 2);
        caller.interrupt();
        caller.join();

        assertThat(thrown.get()).isInstanceOf(OutcomeUnknownException.class);
    }

    @Test
    void blocksNoOneWhenTheFunctionOfAnAsynchronousUpdateBlocks() {
        CompletableFuture<VersionedValue> outer =
                db.cas()
                        .async()
                        .update(
                                KEY,
                                value -> db.cas().update(Bytes.utf8("inner"), v -> VALUE).value());

        assertThat(outer.join().value()).isEqualTo(VALUE);
    }
}
