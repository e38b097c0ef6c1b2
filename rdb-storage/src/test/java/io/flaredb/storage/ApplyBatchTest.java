package io.flaredb.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

final class ApplyBatchTest extends EngineTest {
    private static final Bytes KEY = Bytes.utf8("k");
    private static final Bytes VALUE = Bytes.utf8("v");
    private static final Command PUT = new Command.RawPut(KEY, VALUE);

    @Test
    void writesNothingBeforeTheCommit() {
        try (ApplyBatch batch = engine.newBatch()) {
            batch.apply(REGION, 1, PUT);
            batch.apply(REGION, 2, new Command.CompareAndSwap(KEY, 0, VALUE));
            assertThat(engine.get(KEY)).isNull();
            assertThat(engine.getVersioned(KEY)).isNull();
            assertThat(engine.appliedIndex(REGION)).isZero();
            batch.commit();
            assertThat(engine.get(KEY)).isEqualTo(VALUE);
            assertThat(engine.getVersioned(KEY)).isEqualTo(new VersionedValue(1, VALUE));
            assertThat(engine.appliedIndex(REGION)).isEqualTo(2);
        }
    }

    @Test
    void leavesNoTraceWithoutACommit() {
        swap("k", 0, "old");
        try (ApplyBatch batch = engine.newBatch()) {
            batch.apply(REGION, 2, PUT);
            batch.apply(REGION, 3, new Command.CompareAndDelete(KEY, 1));
        }
        assertThat(engine.get(KEY)).isNull();
        assertThat(swap("k", 1, "new")).isEqualTo(new Outcome.Swapped(2));
        assertThat(engine.versionFloor(REGION)).isZero();
        assertThat(engine.appliedIndex(REGION)).isEqualTo(2);
    }

    @Test
    void keepsWhatItWroteOverAReopen() {
        put("raw", "1");
        swap("k", 0, "a");
        swapOut("k", 1);
        swap("k", 0, "b");
        reopen();
        assertThat(engine.get(Bytes.utf8("raw"))).isEqualTo(Bytes.utf8("1"));
        assertThat(engine.getVersioned(KEY)).isEqualTo(new VersionedValue(2, Bytes.utf8("b")));
        assertThat(engine.appliedIndex(REGION)).isEqualTo(4);
        assertThat(engine.versionFloor(REGION)).isEqualTo(1);
    }

    @Test
    void goesOnAfterAConflict() {
        try (ApplyBatch batch = engine.newBatch()) {
            batch.apply(REGION, 1, new Command.CompareAndSwap(KEY, 9, VALUE));
            batch.apply(REGION, 2, PUT);
            batch.commit();
        }
        assertThat(engine.get(KEY)).isEqualTo(VALUE);
        assertThat(engine.getVersioned(KEY)).isNull();
        assertThat(engine.appliedIndex(REGION)).isEqualTo(2);
    }

    @Test
    void isUsableAfterARefusedCommand() {
        try (ApplyBatch batch = engine.newBatch()) {
            batch.apply(REGION, 1, PUT);
            assertThatThrownBy(() -> batch.apply(REGION, 2, new Command.RawDelete(Bytes.EMPTY)))
                    .isInstanceOf(IllegalArgumentException.class);
            batch.apply(REGION, 2, new Command.RawPut(Bytes.utf8("b"), VALUE));
            batch.commit();
        }
        assertThat(engine.scan(KeyRange.ALL, 10, 1_000).entries()).hasSize(2);
        assertThat(engine.appliedIndex(REGION)).isEqualTo(2);
    }

    @Test
    void refusesACommandThatIsAppliedAlready() {
        put("k", "v");
        try (ApplyBatch batch = engine.newBatch()) {
            assertThatThrownBy(() -> batch.apply(REGION, 1, PUT))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("command 1 of region 7 is already applied: it is at 1");
            batch.apply(REGION, 5, PUT);
            assertThatThrownBy(() -> batch.apply(REGION, 5, PUT))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("command 5 of region 7 is already applied: it is at 5");
        }
    }

    @Test
    void letsTheCommandsOfOneEntryShareItsIndex() {
        try (ApplyBatch batch = engine.newBatch()) {
            batch.share(REGION, 3);
            batch.apply(REGION, 3, PUT);
            batch.apply(REGION, 3, new Command.CompareAndSwap(KEY, 0, VALUE));
            assertThat(batch.apply(REGION, 3, new Command.CompareAndSwap(KEY, 1, VALUE)))
                    .isEqualTo(new Outcome.Swapped(2));
            assertThatThrownBy(() -> batch.share(REGION, 2))
                    .isInstanceOf(IllegalArgumentException.class);
            batch.apply(REGION, 4, PUT);
            batch.commit();
        }
        assertThat(engine.appliedIndex(REGION)).isEqualTo(4);
        try (ApplyBatch batch = engine.newBatch()) {
            assertThatThrownBy(() -> batch.share(REGION, 4))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("command 4 of region 7 is already applied: it is at 4");
        }
    }

    @Test
    void countsEachRegionOnItsOwn() {
        RegionId other = new RegionId(8);
        try (ApplyBatch batch = engine.newBatch()) {
            batch.apply(REGION, 4, new Command.CompareAndSwap(KEY, 0, VALUE));
            batch.apply(REGION, 5, new Command.CompareAndDelete(KEY, 1));
            batch.apply(other, 1, new Command.CompareAndSwap(Bytes.utf8("other"), 0, VALUE));
            batch.commit();
        }
        reopen();
        assertThat(engine.appliedIndex(REGION)).isEqualTo(5);
        assertThat(engine.versionFloor(REGION)).isEqualTo(1);
        assertThat(engine.appliedIndex(other)).isEqualTo(1);
        assertThat(engine.versionFloor(other)).isZero();
        assertThat(engine.getVersioned(Bytes.utf8("other")))
                .isEqualTo(new VersionedValue(1, VALUE));
    }

    @Test
    void cannotBeUsedAfterTheCommit() {
        try (ApplyBatch batch = engine.newBatch()) {
            batch.commit();
            assertThatThrownBy(batch::commit).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> batch.apply(REGION, 1, PUT))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void refusesASecondBatchOfTheSameThread() {
        try (ApplyBatch batch = engine.newBatch()) {
            assertThatThrownBy(engine::newBatch)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("this thread has a batch open already");
            batch.close();
            batch.close();
        }
        put("k", "v");
    }

    @Test
    void makesOtherWritersWait() throws Exception {
        FutureTask<Outcome> swap = new FutureTask<>(() -> swap("k", 0, "late"));
        Thread other = Thread.ofPlatform().unstarted(swap);
        try (ApplyBatch batch = engine.newBatch()) {
            batch.apply(REGION, 1, new Command.CompareAndSwap(KEY, 0, VALUE));
            other.start();
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> other.getState() == Thread.State.WAITING);
            batch.commit();
        }
        assertThat(swap.get()).isEqualTo(conflict(1, "v"));
    }
}
