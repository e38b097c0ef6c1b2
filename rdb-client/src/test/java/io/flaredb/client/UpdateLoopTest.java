package io.flaredb.client;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flaredb.bytes.Bytes;
import io.flaredb.client.retry.Deadline;
import io.flaredb.client.retry.Timer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
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
