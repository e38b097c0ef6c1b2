package io.flaredb.server.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flaredb.bytes.Bytes;
import io.flaredb.proto.kv.RegionError.KindCase;
import io.flaredb.server.region.RegionException;
import io.flaredb.storage.Command;
import io.flaredb.storage.Outcome;
import io.flaredb.storage.RegionId;
import io.flaredb.storage.StorageEngine;
import io.flaredb.storage.StorageOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class GroupCommitTest {
    private static final RegionId REGION = new RegionId(1);
    private static final Bytes KEY = Bytes.utf8("key");

    @TempDir Path dataDir;
    private StorageEngine engine;
    private final List<Throwable> fatal = new ArrayList<>();

    @BeforeEach
    void open() {
        engine = StorageEngine.open(dataDir, StorageOptions.defaults());
    }

    @AfterEach
    void close() {
        engine.close();
        assertThat(fatal).isEmpty();
    }

    @Test
    void writesThatWaitTogetherAreDurableTogether() throws Exception {
        try (GroupCommit commit = notStarted(WriteLimits.DEFAULT)) {
            List<CompletableFuture<Outcome>> waiting = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                waiting.add(commit.propose(REGION, put("k" + i, "v" + i)));
            }
            assertThat(waiting).noneMatch(CompletableFuture::isDone);
            commit.start();
            for (CompletableFuture<Outcome> outcome : waiting) {
                assertThat(outcome.get(30, TimeUnit.SECONDS)).isEqualTo(new Outcome.Written());
            }
        }
        assertThat(engine.get(Bytes.utf8("k99"))).isEqualTo(Bytes.utf8("v99"));
        assertThat(engine.appliedIndex(REGION)).isEqualTo(100);
    }

    @Test
    void oneOfManySwapsOnOneVersionWins() throws Exception {
        try (GroupCommit commit = notStarted(WriteLimits.DEFAULT)) {
            List<CompletableFuture<Outcome>> rivals = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                rivals.add(
                        commit.propose(
                                REGION, new Command.CompareAndSwap(KEY, 0, Bytes.utf8("r" + i))));
            }
            commit.start();
            CompletableFuture.allOf(rivals.toArray(CompletableFuture[]::new))
                    .get(30, TimeUnit.SECONDS);
            assertThat(rivals.getFirst().join()).isEqualTo(new Outcome.Swapped(1));
            assertThat(rivals.subList(1, 50))
                    .allMatch(r -> r.join().equals(new Outcome.Conflict(1, Bytes.utf8("r0"))));
        }
    }

    @Test
    void aFullQueueAnswersServerIsBusyAndLosesNothingItTook() throws Exception {
        WriteLimits tiny = new WriteLimits(4, 1 << 20, 2, 1 << 20, 20);
        try (GroupCommit commit = notStarted(tiny)) {
            List<CompletableFuture<Outcome>> taken = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                taken.add(commit.propose(REGION, put("k" + i, "v")));
            }
            assertBusy(commit.propose(REGION, put("one-more", "v")));
            commit.start();
            for (CompletableFuture<Outcome> outcome : taken) {
                outcome.get(30, TimeUnit.SECONDS);
            }
            assertThat(engine.get(Bytes.utf8("one-more"))).isNull();
            commit.propose(REGION, put("one-more", "v")).get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void theQueueIsBoundedInBytesToo() throws Exception {
        WriteLimits tiny = new WriteLimits(1_000, 1_000, 100, 1 << 20, 20);
        try (GroupCommit commit = notStarted(tiny)) {
            var large = commit.propose(REGION, put("large", "x".repeat(5_000)));
            assertBusy(commit.propose(REGION, put("small", "x")));
            commit.start();
            assertThat(large.get(30, TimeUnit.SECONDS)).isEqualTo(new Outcome.Written());
        }
    }

    @Test
    void aCommandThatCanNeverBeCarriedOutFailsAlone() throws Exception {
        try (GroupCommit commit = notStarted(WriteLimits.DEFAULT)) {
            var before = commit.propose(REGION, put("before", "v"));
            var bad = commit.propose(REGION, new Command.RawPut(Bytes.EMPTY, KEY));
            var after = commit.propose(REGION, put("after", "v"));
            commit.start();
            assertThat(before.get(30, TimeUnit.SECONDS)).isEqualTo(new Outcome.Written());
            assertThat(after.get(30, TimeUnit.SECONDS)).isEqualTo(new Outcome.Written());
            assertThatThrownBy(bad::join)
                    .isInstanceOf(CompletionException.class)
                    .cause()
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("key is empty");
        }
    }

    @Test
    void closingCarriesOutWhatWasAcceptedAndRefusesWhatComesLater() throws Exception {
        GroupCommit commit = notStarted(WriteLimits.DEFAULT);
        var accepted = commit.propose(REGION, put("accepted", "v"));
        commit.start();
        commit.close();
        assertThat(accepted.join()).isEqualTo(new Outcome.Written());
        assertBusy(commit.propose(REGION, put("late", "v")));
        assertThat(engine.get(Bytes.utf8("accepted"))).isEqualTo(Bytes.utf8("v"));
        assertThat(engine.get(Bytes.utf8("late"))).isNull();
    }

    /** Not started yet, so that what is proposed waits together. */
    private GroupCommit notStarted(WriteLimits limits) {
        return new GroupCommit(engine, limits, fatal::add);
    }

    private static Command put(String key, String value) {
        return new Command.RawPut(Bytes.utf8(key), Bytes.utf8(value));
    }

    private static void assertBusy(CompletableFuture<Outcome> outcome) {
        assertThat(outcome).isCompletedExceptionally();
        assertThatThrownBy(outcome::join)
                .cause()
                .isInstanceOfSatisfying(
                        RegionException.class,
                        e ->
                                assertThat(e.error().getKindCase())
                                        .isEqualTo(KindCase.SERVER_IS_BUSY));
    }
}
