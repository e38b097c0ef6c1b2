package io.flaredb.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flaredb.bytes.Bytes;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class CompareAndSwapTest extends EngineTest {
    private static final Outcome ABSENT = new Outcome.Conflict(0, null);
    private static final Outcome DELETED = new Outcome.Swapped(0);

    @Test
    void createsAnAbsentKeyAtVersionOne() {
        assertThat(swap("k", 0, "a")).isEqualTo(new Outcome.Swapped(1));
        assertThat(engine.getVersioned(Bytes.utf8("k")))
                .isEqualTo(new VersionedValue(1, Bytes.utf8("a")));
    }

    @Test
    void raisesTheVersionByOneWithEachSwap() {
        swap("k", 0, "a");
        assertThat(swap("k", 1, "b")).isEqualTo(new Outcome.Swapped(2));
        assertThat(engine.getVersioned(Bytes.utf8("k")))
                .isEqualTo(new VersionedValue(2, Bytes.utf8("b")));
    }

    @Test
    void reportsVersionTenToASwapThatExpectsFive() {
        for (int version = 0; version < 10; version++) {
            swap("k", version, "v" + version);
        }
        assertThat(swap("k", 5, "late")).isEqualTo(conflict(10, "v9"));
        assertThat(engine.getVersioned(Bytes.utf8("k")))
                .isEqualTo(new VersionedValue(10, Bytes.utf8("v9")));
    }

    @Test
    void reportsAnAbsentKeyAsVersionZero() {
        assertThat(swap("k", 3, "a")).isEqualTo(ABSENT);
        assertThat(swapOut("k", 3)).isEqualTo(ABSENT);
        assertThat(engine.getVersioned(Bytes.utf8("k"))).isNull();
    }

    @Test
    void refusesToCreateAKeyThatIsThere() {
        swap("k", 0, "a");
        assertThat(swap("k", 0, "b")).isEqualTo(conflict(1, "a"));
    }

    @Test
    void deletesOnlyTheExpectedVersion() {
        swap("k", 0, "a");
        assertThat(swapOut("k", 2)).isEqualTo(conflict(1, "a"));
        assertThat(swapOut("k", 0)).isEqualTo(conflict(1, "a"));
        assertThat(swapOut("k", 1)).isEqualTo(DELETED);
        assertThat(engine.getVersioned(Bytes.utf8("k"))).isNull();
    }

    @Test
    void deletingAnAbsentKeyExpectedAbsentChangesNothing() {
        assertThat(swapOut("k", 0)).isEqualTo(DELETED);
        assertThat(engine.versionFloor(REGION)).isZero();
    }

    @Test
    void neverReusesAVersionOfADeletedKey() {
        swap("k", 0, "a");
        swap("k", 1, "b");
        swap("k", 2, "c");
        swapOut("k", 3);
        assertThat(engine.versionFloor(REGION)).isEqualTo(3);
        assertThat(swap("k", 0, "again")).isEqualTo(new Outcome.Swapped(4));
        assertThat(swap("k", 3, "stale")).isEqualTo(conflict(4, "again"));
    }

    @Test
    void neverReusesAVersionAfterAReopen() {
        swap("k", 0, "a");
        swap("k", 1, "b");
        swapOut("k", 2);
        reopen();
        assertThat(swap("k", 0, "again")).isEqualTo(new Outcome.Swapped(3));
    }

    @Test
    void doesNotLowerTheFloorWhenALowerVersionIsDeleted() {
        swap("high", 0, "a");
        swap("high", 1, "b");
        swap("low", 0, "a");
        swapOut("high", 2);
        swapOut("low", 1);
        assertThat(engine.versionFloor(REGION)).isEqualTo(2);
    }

    @Test
    void letsOneOfTwoCompetingSwapsInABatchWin() {
        Bytes key = Bytes.utf8("k");
        List<Outcome> outcomes =
                engine.apply(
                        REGION,
                        List.of(
                                new Command.CompareAndSwap(key, 0, Bytes.utf8("first")),
                                new Command.CompareAndSwap(key, 0, Bytes.utf8("second"))));
        assertThat(outcomes).containsExactly(new Outcome.Swapped(1), conflict(1, "first"));
        assertThat(engine.getVersioned(key)).isEqualTo(new VersionedValue(1, Bytes.utf8("first")));
    }

    @Test
    void refusedSwapsInABatchShareTheValueUntilItChanges() {
        swap("k", 0, "a");
        swap("other", 0, "b");
        Bytes key = Bytes.utf8("k");
        Command refused = new Command.CompareAndDelete(key, 9);
        List<Outcome> outcomes =
                engine.apply(
                        REGION,
                        List.of(
                                refused,
                                refused,
                                new Command.CompareAndDelete(Bytes.utf8("other"), 9),
                                refused,
                                new Command.CompareAndSwap(key, 1, Bytes.utf8("c")),
                                refused,
                                new Command.CompareAndDelete(key, 2),
                                refused));
        assertThat(outcomes)
                .containsExactly(
                        conflict(1, "a"),
                        conflict(1, "a"),
                        conflict(1, "b"),
                        conflict(1, "a"),
                        new Outcome.Swapped(2),
                        conflict(2, "c"),
                        DELETED,
                        ABSENT);
        assertThat(valueOf(outcomes.get(1))).isSameAs(valueOf(outcomes.get(0)));
    }

    private static @Nullable Bytes valueOf(Outcome conflict) {
        return ((Outcome.Conflict) conflict).currentValue();
    }

    @Test
    void seesDeletesAndFloorsOfItsOwnBatch() {
        Bytes key = Bytes.utf8("k");
        List<Outcome> outcomes =
                engine.apply(
                        REGION,
                        List.of(
                                new Command.CompareAndSwap(key, 0, Bytes.utf8("a")),
                                new Command.CompareAndDelete(key, 1),
                                new Command.CompareAndDelete(key, 1),
                                new Command.CompareAndSwap(key, 0, Bytes.utf8("b"))));
        assertThat(outcomes)
                .containsExactly(new Outcome.Swapped(1), DELETED, ABSENT, new Outcome.Swapped(2));
    }

    @Test
    void keepsRawAndSwappedRecordsApart() {
        put("k", "raw");
        assertThat(swap("k", 0, "swapped")).isEqualTo(new Outcome.Swapped(1));
        apply(new Command.RawDelete(Bytes.utf8("k")));
        assertThat(engine.get(Bytes.utf8("k"))).isNull();
        assertThat(engine.getVersioned(Bytes.utf8("k")))
                .isEqualTo(new VersionedValue(1, Bytes.utf8("swapped")));
    }

    @Test
    void swapsInAnEmptyValue() {
        assertThat(swap("k", 0, "")).isEqualTo(new Outcome.Swapped(1));
        assertThat(swap("k", 9, "x")).isEqualTo(conflict(1, ""));
    }

    @Test
    void refusesASwapBehindTheLargestVersion() {
        engine.close();
        RawStore.put(
                dir,
                ColumnFamily.CAS,
                Bytes.utf8("k"),
                CasRecord.encode(new VersionedValue(-1, Bytes.utf8("last"))));
        engine = StorageEngine.open(dir, SMALL);
        assertThatThrownBy(() -> swap("k", -1, "more"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("key \"k\" has no version left above 18446744073709551615");
        assertThat(swap("k", 5, "x")).isEqualTo(conflict(-1, "last"));
        assertThat(swapOut("k", -1)).isEqualTo(DELETED);
        assertThatThrownBy(() -> swap("k", 0, "more"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no version left");
    }

    @Test
    void comparesVersionsUnsigned() {
        engine.close();
        RawStore.put(
                dir,
                ColumnFamily.CAS,
                Bytes.utf8("k"),
                CasRecord.encode(new VersionedValue(Long.MAX_VALUE, Bytes.utf8("a"))));
        engine = StorageEngine.open(dir, SMALL);
        assertThat(swap("k", Long.MAX_VALUE, "b")).isEqualTo(new Outcome.Swapped(Long.MIN_VALUE));
        swapOut("k", Long.MIN_VALUE);
        swap("low", 0, "a"); // Long.MIN_VALUE + 1
        assertThat(engine.versionFloor(REGION)).isEqualTo(Long.MIN_VALUE);
        assertThat(swap("k", 0, "c")).isEqualTo(new Outcome.Swapped(Long.MIN_VALUE + 1));
    }
}
