package io.flaredb.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flaredb.bytes.Bytes;
import io.flaredb.client.retry.Deadline;
import io.flaredb.client.retry.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class UpdateLoopTest {
    private static final Bytes KEY = Bytes.utf8("k");
    private static final Bytes VALUE = Bytes.utf8("v");

    @Test
    void givesUpWhereOthersAreAlwaysFaster() {
        try (Timer timer = new Timer("test-timer")) {
            CompletableFuture<VersionedValue> update =
                    new UpdateLoop(
                                    new AlwaysInConflict(),
                                    timer,
                                    Runnable::run,
                                    KEY,
                                    value -> VALUE,
                                    Deadline.after(Duration.ofMillis(100)))
                            .run();

            assertThatThrownBy(update::join)
                    .cause()
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageMatching(
                            "key \"k\" was changed by others before each of \\d+ attempts to"
                                    + " update it \\(gave up after 100 ms\\)");
        }
    }

    @Test
    void swapsOnWhatIsThereAfterThePause() {
        try (Timer timer = new Timer("test-timer")) {
            CompletableFuture<VersionedValue> update =
                    new UpdateLoop(
                                    new ChangedWhilePausing(),
                                    timer,
                                    Runnable::run,
                                    KEY,
                                    value -> VALUE,
                                    Deadline.after(Duration.ofSeconds(30)))
                            .run();

            assertThat(update.join()).isEqualTo(new VersionedValue(4, VALUE));
        }
    }

    @Test
    void readsAgainWhereTheFunctionRunsNotOnTheTimer() {
        ChangedWhilePausing backend = new ChangedWhilePausing();
        try (Timer timer = new Timer("test-timer")) {
            new UpdateLoop(
                            backend,
                            timer,
                            task -> new Thread(task, "function").start(),
                            KEY,
                            value -> VALUE,
                            Deadline.after(Duration.ofSeconds(30)))
                    .run()
                    .join();

            assertThat(backend.readers)
                    .containsExactly(Thread.currentThread().getName(), "function");
        }
    }

    @Test
    void endsWhenNobodyRunsTheFunctionAnyMore() {
        AtomicInteger tasks = new AtomicInteger();
        try (Timer timer = new Timer("test-timer")) {
            CompletableFuture<VersionedValue> update =
                    new UpdateLoop(
                                    new ChangedWhilePausing(),
                                    timer,
                                    task -> {
                                        if (tasks.getAndIncrement() > 0) {
                                            throw new RejectedExecutionException("gone");
                                        }
                                        task.run();
                                    },
                                    KEY,
                                    value -> VALUE,
                                    Deadline.after(Duration.ofSeconds(30)))
                            .run();

            assertThatThrownBy(update::join).cause().isInstanceOf(RejectedExecutionException.class);
        }
    }

    /** A key that someone else changes just before the first swap, and right after its conflict. */
    private static final class ChangedWhilePausing extends NoBackend {
        private long version = 1;
        private boolean raced;
        private final List<String> readers = new CopyOnWriteArrayList<>();

        @Override
        public CompletableFuture<Optional<VersionedValue>> casGet(Bytes key, Deadline deadline) {
            readers.add(Thread.currentThread().getName());
            return CompletableFuture.completedFuture(
                    Optional.of(new VersionedValue(version, VALUE)));
        }

        @Override
        public CompletableFuture<CasResult> compareAndSwap(
                Bytes key, long expectedVersion, Bytes value, Deadline deadline) {
            if (!raced) {
                version++;
                raced = true;
            }
            if (expectedVersion == version) {
                version++;
                return CompletableFuture.completedFuture(new CasResult.Swapped(version));
            }
            CasResult conflict = new CasResult.Conflict(version, Optional.of(VALUE));
            version++;
            return CompletableFuture.completedFuture(conflict);
        }
    }

    /** A key that someone else changes just before each swap. */
    private static final class AlwaysInConflict extends NoBackend {
        private long version = 1;

        @Override
        public CompletableFuture<Optional<VersionedValue>> casGet(Bytes key, Deadline deadline) {
            return CompletableFuture.completedFuture(
                    Optional.of(new VersionedValue(version, VALUE)));
        }

        @Override
        public CompletableFuture<CasResult> compareAndSwap(
                Bytes key, long expectedVersion, Bytes value, Deadline deadline) {
            version++;
            return CompletableFuture.completedFuture(
                    new CasResult.Conflict(version, Optional.of(VALUE)));
        }
    }
}
