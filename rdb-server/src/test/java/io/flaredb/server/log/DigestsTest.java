package io.flaredb.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.flaredb.bytes.KeyRange;
import io.flaredb.storage.CorruptionException;
import io.flaredb.storage.RegionDigest;
import io.flaredb.storage.RegionId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** How many checksums a store computes at a time, and what ends them. */
class DigestsTest {
    private static final RegionDigest DIGEST = new RegionDigest(7, 1, 2);

    private final List<CompletableFuture<RegionDigest>> underWay = new ArrayList<>();
    private final List<BooleanSupplier> cancelled = new ArrayList<>();
    private final List<Throwable> fatal = new ArrayList<>();
    private final Digests digests =
            new Digests(
                    (region, range, stop, executor) -> {
                        CompletableFuture<RegionDigest> digest = new CompletableFuture<>();
                        underWay.add(digest);
                        cancelled.add(stop);
                        return digest;
                    },
                    fatal::add);

    private CompletableFuture<RegionDigest> start() {
        return digests.start(new RegionId(1), KeyRange.ALL);
    }

    @Test
    void computesTwoAtATimeAndRefusesMore() {
        CompletableFuture<RegionDigest> first = start();
        CompletableFuture<RegionDigest> second = start();

        assertThat(start().exceptionNow())
                .isInstanceOf(NotCheckedException.class)
                .hasMessage("the store looks at 2 replicas already: try again");
        assertThat(underWay).hasSize(2);

        underWay.getFirst().complete(DIGEST);
        assertThat(first.join()).isEqualTo(DIGEST);
        assertThat(second).isNotDone();
        assertThat(start()).isNotDone();
        assertThat(underWay).hasSize(3);
    }

    @Test
    void makesRoomAfterFailuresToo() {
        for (int i = 0; i < 3; i++) {
            CompletableFuture<RegionDigest> failing = start();
            underWay.getLast().completeExceptionally(new IllegalStateException("no"));
            assertThat(failing.exceptionNow()).isInstanceOf(IllegalStateException.class);
        }
        assertThat(fatal).isEmpty();
    }

    @Test
    void closingCutsShortWhatIsBeingComputedAndStartsNoMore() {
        CompletableFuture<RegionDigest> running = start();
        assertThat(cancelled.getFirst().getAsBoolean()).isFalse();

        digests.close();
        assertThat(cancelled.getFirst().getAsBoolean()).isTrue();
        underWay.getFirst().completeExceptionally(new CancellationException());

        assertThat(List.of(running, start()))
                .allSatisfy(ended ->
                        assertThat(ended.exceptionNow())
                                .isInstanceOf(NotCheckedException.class)
                                .hasMessage("the store is stopping"));
        assertThat(underWay).hasSize(1);
    }

    @Test
    void damagedRecordsEndTheStore() {
        CompletableFuture<RegionDigest> running = start();
        CorruptionException damaged = new CorruptionException("rotten", null);

        underWay.getFirst().completeExceptionally(damaged);

        assertThat(running.exceptionNow()).isSameAs(damaged);
        assertThat(fatal).containsExactly(damaged);
    }

    @Test
    void aThreadThatCannotBeMadeFailsTheCheckAlone() {
        Digests noThreads =
                new Digests(
                        (region, range, stop, executor) -> {
                            throw new InternalError("unable to create native thread");
                        },
                        fatal::add);
        for (int i = 0; i < 3; i++) {
            assertThat(noThreads.start(new RegionId(1), KeyRange.ALL).exceptionNow())
                    .isInstanceOf(NotCheckedException.class)
                    .hasMessageContaining("unable to create native thread");
        }
        assertThat(fatal).isEmpty();
    }
}
