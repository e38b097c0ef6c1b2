package io.flaredb.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NumberedWritesTest extends EngineTest {
    private static final KeyRange ALL = new KeyRange(Bytes.EMPTY, Bytes.EMPTY);
    private static final long CLIENT = 0xfeed;
    private static final long START = 1_000;

    @TempDir Path otherDir;
    private long index;
    private long nowMillis = START;

    private static RequestId id(long sequence, long lowest) {
        return new RequestId(CLIENT, START, sequence, lowest);
    }

    private static Command swapping(String key, long expected, String value) {
        return new Command.CompareAndSwap(Bytes.utf8(key), expected, Bytes.utf8(value));
    }

    private static Command deleting(String key, long expected) {
        return new Command.CompareAndDelete(Bytes.utf8(key), expected);
    }

    private Fate apply(RequestId id, Command command) {
        try (ApplyBatch batch = engine.replicas().newBatch()) {
            Fate fate = batch.apply(REGION, ++index, id, nowMillis, command);
            batch.commit();
            return fate;
        }
    }

    private Fate settle(RequestId id) {
        try (ApplyBatch batch = engine.replicas().newBatch()) {
            Fate fate = batch.settle(REGION, ++index, id, nowMillis);
            batch.commit();
            return fate;
        }
    }

    private void forgetIdle(long beforeMillis) {
        try (ApplyBatch batch = engine.replicas().newBatch()) {
            batch.forgetIdle(REGION, ++index, beforeMillis);
            batch.commit();
        }
    }

    private void flushAndReopen() {
        engine.replicas().flush();
        reopen();
    }

    private static Fate first(long version) {
        return new Fate.First(new Outcome.Swapped(version));
    }

    private static Fate repeat(long version) {
        return new Fate.Repeat(new Outcome.Swapped(version));
    }

    @Test
    void remembersEachOfAnEntryOfSeveral() {
        try (ApplyBatch batch = engine.replicas().newBatch()) {
            batch.share(REGION, ++index);
            for (long sequence = 1; sequence <= 3; sequence++) {
                Command swap = swapping("k", sequence - 1, "a");
                assertThat(batch.apply(REGION, index, id(sequence, 1), nowMillis, swap))
                        .isEqualTo(first(sequence));
            }
            // Its repeat may have come with it.
            assertThat(batch.apply(REGION, index, id(2, 1), nowMillis, swapping("k", 1, "a")))
                    .isEqualTo(repeat(2));
            batch.commit();
        }
        flushAndReopen();
        for (long sequence = 1; sequence <= 3; sequence++) {
            assertThat(apply(id(sequence, 1), swapping("k", sequence - 1, "a")))
                    .isEqualTo(repeat(sequence));
        }
    }

    @Test
    void aRepeatIsAnsweredAsTheFirstTimeAndChangesNothing() {
        assertThat(apply(id(1, 1), swapping("k", 0, "a"))).isEqualTo(first(1));
        assertThat(apply(id(2, 1), swapping("k", 1, "b"))).isEqualTo(first(2));
        assertThat(apply(id(1, 1), swapping("k", 0, "a"))).isEqualTo(repeat(1));
        assertThat(engine.getVersioned(Bytes.utf8("k")))
                .isEqualTo(new VersionedValue(2, Bytes.utf8("b")));
        assertThat(engine.appliedIndex(REGION)).isEqualTo(3);
    }

    @Test
    void aRepeatOfACreateDoesNotComeBackAfterADelete() {
        apply(id(1, 1), swapping("k", 0, "a"));
        assertThat(apply(id(2, 1), deleting("k", 1))).isEqualTo(first(0));
        assertThat(apply(id(1, 1), swapping("k", 0, "a"))).isEqualTo(repeat(1));
        assertThat(engine.getVersioned(Bytes.utf8("k"))).isNull();
    }

    @Test
    void aRepeatWithinOneBatchIsOne() {
        try (ApplyBatch batch = engine.replicas().newBatch()) {
            assertThat(batch.apply(REGION, 1, id(1, 1), nowMillis, swapping("k", 0, "a")))
                    .isEqualTo(first(1));
            assertThat(batch.apply(REGION, 2, id(1, 1), nowMillis, swapping("k", 0, "a")))
                    .isEqualTo(repeat(1));
            batch.commit();
        }
    }

    @Test
    void aConflictIsRememberedWithoutItsValue() {
        apply(id(1, 1), swapping("k", 0, "a"));
        assertThat(apply(id(2, 1), swapping("k", 0, "b")))
                .isEqualTo(new Fate.First(conflict(1, "a")));
        apply(id(3, 1), deleting("k", 1));
        assertThat(apply(id(2, 1), swapping("k", 0, "b")))
                .isEqualTo(new Fate.Repeat(new Outcome.Conflict(1, null)));
        assertThat(engine.getVersioned(Bytes.utf8("k"))).isNull();
    }

    @Test
    void outcomesComeThroughARestartWithTheEffectsTheyBelongTo() {
        apply(id(1, 1), swapping("k", 0, "a"));
        apply(id(2, 1), new Command.RawPut(Bytes.utf8("r"), Bytes.utf8("v")));
        flushAndReopen();
        assertThat(apply(id(1, 1), swapping("k", 0, "a"))).isEqualTo(repeat(1));
        assertThat(apply(id(2, 1), new Command.RawPut(Bytes.utf8("r"), Bytes.utf8("v"))))
                .isEqualTo(new Fate.Repeat(new Outcome.Written()));
    }

    @Test
    void whatACrashTookIsForgottenWithItsEffectAndReplayed() throws IOException {
        apply(id(1, 1), swapping("k", 0, "a"));
        engine.replicas().flush();
        apply(id(2, 1), swapping("k", 1, "b"));
        try (Stream<Path> files = Files.list(dir)) { // without what is in memory
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, otherDir.resolve(file.getFileName()));
            }
        }
        engine.close();
        engine = StorageEngine.open(otherDir, SMALL);
        index = engine.appliedIndex(REGION);
        assertThat(index).isEqualTo(1);
        assertThat(apply(id(1, 1), swapping("k", 0, "a"))).isEqualTo(repeat(1));
        assertThat(apply(id(2, 1), swapping("k", 1, "b"))).isEqualTo(first(2));
    }

    @Test
    void aBatchThatIsNotCommittedIsNotRemembered() {
        try (ApplyBatch batch = engine.replicas().newBatch()) {
            batch.apply(REGION, 1, id(1, 1), nowMillis, swapping("k", 0, "a"));
        }
        assertThat(apply(id(1, 1), swapping("k", 0, "a"))).isEqualTo(first(1));
    }

    @Test
    void aCommandThatIsRefusedIsNotRemembered() {
        assertThatThrownBy(() -> apply(id(1, 1), swapping("", 0, "a")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(apply(id(1, 1), swapping("k", 0, "a"))).isEqualTo(first(1));
    }

    @Test
    void whatIsBelowTheLowestInFlightIsForgotten() {
        apply(id(1, 1), swapping("k", 0, "a"));
        apply(id(3, 2), swapping("k", 1, "b"));
        assertThat(apply(id(1, 1), swapping("k", 0, "a"))).isInstanceOf(Fate.Forgotten.class);
        assertThat(apply(id(2, 2), swapping("k", 2, "c"))).isEqualTo(first(3));
    }

    @Test
    void whatIsBelowTheWindowIsForgotten() {
        apply(id(1, 1), swapping("k", 0, "a"));
        apply(id(2, 1), swapping("k", 1, "b"));
        apply(id(1 + RequestTable.WINDOW, 1), swapping("k", 2, "c"));
        for (int opened = 0; opened < 2; opened++) {
            assertThat(apply(id(1, 1), swapping("k", 0, "a"))).isInstanceOf(Fate.Forgotten.class);
            assertThat(apply(id(2, 1), swapping("k", 1, "b"))).isEqualTo(repeat(2));
            flushAndReopen();
        }
    }

    @Test
    void anIdleSessionIsForgottenAndNotTakenForANewOne() {
        apply(id(1, 1), swapping("k", 0, "a"));
        nowMillis += 500;
        apply(new RequestId(2, START + 100, 1, 1), swapping("l", 0, "a"));
        assertThat(engine.replicas().requestsIdleSinceMillis(REGION)).isEqualTo(START);
        forgetIdle(START + 1);
        assertThat(engine.replicas().requestsIdleSinceMillis(REGION)).isEqualTo(START + 500);
        apply(id(3, 3), deleting("unrelated", 0));
        for (int opened = 0; opened < 2; opened++) {
            assertThat(apply(id(1, 1), swapping("k", 0, "a")))
                    .isEqualTo(new Fate.Forgotten(START + 1));
            assertThat(apply(new RequestId(2, START + 100, 1, 1), swapping("l", 0, "a")))
                    .isEqualTo(repeat(1));
            flushAndReopen();
        }
        assertThat(apply(new RequestId(CLIENT, START + 1, 1, 1), swapping("k", 1, "b")))
                .isEqualTo(first(2));
    }

    @Test
    void ofTooManySessionsTheLongestIdleIsForgotten() {
        for (long client = 1; client <= RequestTable.MAX_SESSIONS; client++) {
            apply(new RequestId(client, START + client, 1, 1), deleting("k", 0));
        }
        apply(new RequestId(1, START + 1, 1, 1), deleting("k", 0)); // not idle any more
        apply(new RequestId(-1, START + 20_000, 1, 1), deleting("k", 0));
        assertThat(apply(new RequestId(2, START + 2, 1, 1), deleting("k", 0)))
                .isEqualTo(new Fate.Forgotten(START + 3));
        assertThat(apply(new RequestId(1, START + 1, 1, 1), deleting("k", 0))).isEqualTo(repeat(0));
        assertThat(apply(new RequestId(3, START + 3, 1, 1), deleting("k", 0))).isEqualTo(repeat(0));
    }

    @Test
    void aSettledWriteNeverHappens() {
        assertThat(settle(id(1, 1))).isEqualTo(new Fate.NeverDone());
        for (int opened = 0; opened < 2; opened++) {
            assertThat(apply(id(1, 1), swapping("k", 0, "a"))).isInstanceOf(Fate.Forgotten.class);
            assertThat(settle(id(1, 1))).isEqualTo(new Fate.NeverDone());
            flushAndReopen();
        }
        assertThat(engine.getVersioned(Bytes.utf8("k"))).isNull();
    }

    @Test
    void aWriteThatHasHappenedIsSettledByItsOutcome() {
        apply(id(1, 1), swapping("k", 0, "a"));
        assertThat(settle(id(1, 1))).isEqualTo(repeat(1));
    }

    @Test
    void aReplicaMadeFromTablesRemembersTheSame() {
        apply(id(1, 1), swapping("k", 0, "a"));
        apply(id(2, 2), swapping("k", 1, "b"));
        nowMillis = START + 77;
        apply(new RequestId(9, START + 9, 4, 3), swapping("k", 0, "x"));
        forgetIdle(START - 1);
        try (StorageEngine other = StorageEngine.open(otherDir, SMALL)) {
            try (ApplyBatch batch = other.replicas().newBatch()) {
                batch.apply(REGION, 1, id(1, 1), 5, deleting("old", 0));
                batch.commit();
            }
            Path folder = engine.replicas().staging("out");
            RegionTables tables = engine.replicas().export(REGION, ALL, folder, () -> false);
            other.replicas().install(REGION, ALL, tables, 0, new byte[] {1}, () -> {});
            assertThat(digest(other)).isEqualTo(digest(engine));
            try (ApplyBatch batch = other.replicas().newBatch()) {
                assertThat(batch.apply(REGION, 9, id(2, 2), nowMillis, swapping("k", 1, "b")))
                        .isEqualTo(repeat(2));
                assertThat(batch.apply(REGION, 10, id(1, 1), nowMillis, swapping("k", 0, "a")))
                        .isInstanceOf(Fate.Forgotten.class);
                batch.commit();
            }
            assertThat(digest(other)).isNotEqualTo(digest(engine));
        }
    }

    private static RegionDigest digest(StorageEngine engine) {
        CompletableFuture<RegionDigest> digest =
                engine.replicas().digest(REGION, ALL, () -> false, Runnable::run);
        return digest.join();
    }

    @Test
    void aBatchSwapsDeletesAndChecksAllOrNothing() {
        swap("a", 0, "1");
        swap("b", 0, "1");
        CasStep change = new CasStep.Swap(Bytes.utf8("a"), 1, Bytes.utf8("2"));
        CasStep drop = new CasStep.Delete(Bytes.utf8("b"), 1);
        CasStep absent = new CasStep.Check(Bytes.utf8("c"), 0);
        CasStep fails = new CasStep.Check(Bytes.utf8("d"), 5);
        index = engine.appliedIndex(REGION);

        assertThat(apply(id(1, 1), new Command.CasBatch(List.of(change, drop, absent, fails))))
                .isEqualTo(new Fate.First(new Outcome.BatchConflict(List.of(1L, 1L, 0L, 0L))));
        assertThat(engine.getVersioned(Bytes.utf8("b"))).isNotNull();
        Command batch = new Command.CasBatch(List.of(change, drop, absent));
        Outcome done = new Outcome.BatchSwapped(List.of(2L, 0L, 0L));
        assertThat(apply(id(2, 1), batch)).isEqualTo(new Fate.First(done));
        assertThat(apply(id(2, 1), batch)).isEqualTo(new Fate.Repeat(done));
        assertThat(engine.getVersioned(Bytes.utf8("a")))
                .isEqualTo(new VersionedValue(2, Bytes.utf8("2")));
        assertThat(engine.getVersioned(Bytes.utf8("b"))).isNull();
        assertThat(engine.versionFloor(REGION)).isEqualTo(1);
    }

    @Test
    void aBatchWithAKeyTwiceIsRefused() {
        CasStep check = new CasStep.Check(Bytes.utf8("a"), 0);
        assertThatThrownBy(() -> apply(id(1, 1), new Command.CasBatch(List.of(check, check))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("twice");
    }
}
