package io.flaredb.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegionTablesTest extends EngineTest {
    private static final KeyRange B_TO_D = new KeyRange(Bytes.utf8("b"), Bytes.utf8("d"));
    private static final byte[] NOTE = {1, 2, 3};

    @TempDir Path otherDir;
    private StorageEngine other;

    @BeforeEach
    void openOther() {
        other = StorageEngine.open(otherDir, SMALL);
    }

    @AfterEach
    void closeOther() {
        other.close();
    }

    private static void apply(StorageEngine engine, long index, Command... commands) {
        try (ApplyBatch batch = engine.replicas().newBatch()) {
            for (int i = 0; i < commands.length; i++) {
                batch.apply(REGION, index + i, commands[i]);
            }
            batch.commit();
        }
    }

    private static Command putting(String key, String value) {
        return new Command.RawPut(Bytes.utf8(key), Bytes.utf8(value));
    }

    private static Command swapIn(String key, String value) {
        return new Command.CompareAndSwap(Bytes.utf8(key), 0, Bytes.utf8(value));
    }

    private RegionTables exported(KeyRange range) {
        Path folder = engine.replicas().staging("out");
        return engine.replicas().export(REGION, range, folder, () -> false);
    }

    private static List<KeyValue> raw(StorageEngine engine) {
        return engine.scan(new KeyRange(Bytes.EMPTY, Bytes.EMPTY), 100_000, Long.MAX_VALUE)
                .entries();
    }

    @Test
    void replacesExactlyTheRegionsRecords() {
        apply(
                engine,
                1,
                putting("a", "not mine"),
                putting("b", "1"),
                putting("c", "2"),
                putting("d", "not mine"));
        apply(engine, 5, swapIn("b", "x"), swapIn("c", "y"));
        apply(engine, 7, new Command.CompareAndDelete(Bytes.utf8("c"), 1));
        apply(
                other,
                1,
                putting("a", "other's"),
                putting("bb", "old"),
                putting("c", "old"),
                putting("d", "other's"));
        apply(other, 5, swapIn("bb", "old"), swapIn("z", "other's"));

        other.replicas().install(REGION, B_TO_D, exported(B_TO_D), 0, NOTE, () -> {});

        for (int opened = 0; opened < 2; opened++) {
            assertThat(raw(other))
                    .containsExactly(
                            new KeyValue(Bytes.utf8("a"), Bytes.utf8("other's")),
                            new KeyValue(Bytes.utf8("b"), Bytes.utf8("1")),
                            new KeyValue(Bytes.utf8("c"), Bytes.utf8("2")),
                            new KeyValue(Bytes.utf8("d"), Bytes.utf8("other's")));
            assertThat(other.getVersioned(Bytes.utf8("b")))
                    .isEqualTo(new VersionedValue(1, Bytes.utf8("x")));
            assertThat(other.getVersioned(Bytes.utf8("bb"))).isNull();
            assertThat(other.getVersioned(Bytes.utf8("z"))).isNotNull();
            assertThat(other.appliedIndex(REGION)).isEqualTo(7);
            assertThat(other.versionFloor(REGION)).isEqualTo(1);
            assertThat(other.replicas().flushedIndex(REGION)).isEqualTo(7);
            assertThat(other.replicas().isInstalling(REGION)).isFalse();
            assertThat(other.replicas().log(REGION).snapshot()).isEqualTo(NOTE);
            other.close();
            other = StorageEngine.open(otherDir, SMALL);
        }
    }

    @Test
    void goesOnFromTheIndexItIsKnownToReach() {
        apply(engine, 1, putting("b", "1"));
        other.replicas().install(REGION, B_TO_D, exported(B_TO_D), 9, NOTE, () -> {});
        assertThat(other.appliedIndex(REGION)).isEqualTo(9);
        apply(other, 10, putting("b", "2"));
        assertThat(other.get(Bytes.utf8("b"))).isEqualTo(Bytes.utf8("2"));
    }

    @Test
    void leavesNoVersionFloorOfTheRecordsItReplaces() {
        apply(other, 1, swapIn("b", "old"));
        apply(other, 2, new Command.CompareAndDelete(Bytes.utf8("b"), 1));
        other.replicas().flush();
        assertThat(other.versionFloor(REGION)).isEqualTo(1);
        apply(engine, 1, putting("b", "1"));

        other.replicas().install(REGION, B_TO_D, exported(B_TO_D), 1, NOTE, () -> {});

        for (int opened = 0; opened < 2; opened++) {
            assertThat(other.versionFloor(REGION)).isZero();
            assertThat(digest(other)).isEqualTo(digest(engine));
            other.close();
            other = StorageEngine.open(otherDir, SMALL);
        }
    }

    private static RegionDigest digest(StorageEngine engine) {
        return engine.replicas().digest(REGION, B_TO_D, () -> false, Runnable::run).join();
    }

    @Test
    void anEmptyRegionIsInstalledToo() {
        apply(other, 1, putting("b", "old"));
        other.replicas().install(REGION, B_TO_D, exported(B_TO_D), 3, NOTE, () -> {});
        assertThat(other.get(Bytes.utf8("b"))).isNull();
        assertThat(other.appliedIndex(REGION)).isEqualTo(3);
    }

    @Test
    void manyRecordsArriveWhole() {
        for (int i = 0; i < 5_000; i++) {
            apply(engine, 2L * i + 1, putting("c" + i, "v" + i), putting("c" + i + "x", "w"));
        }
        other.replicas().install(REGION, B_TO_D, exported(B_TO_D), 0, NOTE, () -> {});
        assertThat(raw(other)).hasSize(10_000).isEqualTo(raw(engine));
    }

    @Test
    void anExportIsOfOneMoment() {
        apply(engine, 1, putting("b", "1"));
        RegionTables tables = exported(B_TO_D);
        apply(engine, 2, putting("b", "2"));
        other.replicas().install(REGION, B_TO_D, tables, 0, NOTE, () -> {});
        assertThat(other.get(Bytes.utf8("b"))).isEqualTo(Bytes.utf8("1"));
        assertThat(other.appliedIndex(REGION)).isEqualTo(1);
    }

    @Test
    void anExportCanBeCancelled() {
        for (int i = 0; i < 2_000; i++) {
            apply(engine, i + 1, putting("c" + i, "v"));
        }
        Path folder = engine.replicas().staging("out");
        assertThatThrownBy(() -> engine.replicas().export(REGION, B_TO_D, folder, () -> true))
                .isInstanceOf(CancellationException.class);
    }

    @Test
    void aDigestCanBeCancelled() {
        for (int i = 0; i < 2_000; i++) {
            apply(engine, i + 1, putting("c" + i, "v"));
        }
        AtomicInteger asked = new AtomicInteger();
        CompletableFuture<RegionDigest> digest =
                engine.replicas()
                        .digest(REGION, B_TO_D, () -> asked.incrementAndGet() == 2, Runnable::run);
        assertThat(digest).isCompletedExceptionally();
        assertThatThrownBy(digest::join).isInstanceOf(CancellationException.class);
    }

    private void installInPart() {
        RegionTables lost =
                new RegionTables(
                        1, 0, List.of(otherDir.resolve("absent.table")), List.of(), List.of());
        assertThatThrownBy(() -> other.replicas().install(REGION, B_TO_D, lost, 0, NOTE, () -> {}))
                .isInstanceOf(StorageException.class);
    }

    @Test
    void aRegionThatIsBeingInstalledIsNotExported() {
        apply(other, 1, putting("b", "old"));
        installInPart();

        Path folder = other.replicas().staging("out");
        assertThatThrownBy(() -> other.replicas().export(REGION, B_TO_D, folder, () -> false))
                .hasMessage("the records of region 7 are being replaced or removed");
    }

    @Test
    void whatElseThereIsToNoteIsNotedBeforeTheInstallationEnds() {
        apply(engine, 1, putting("b", "1"));
        AtomicBoolean installing = new AtomicBoolean();

        other.replicas()
                .install(
                        REGION,
                        B_TO_D,
                        exported(B_TO_D),
                        0,
                        NOTE,
                        () -> installing.set(other.replicas().isInstalling(REGION)));

        assertThat(installing).isTrue();
    }

    @Test
    void anInstallationCutShortIsRememberedAndCanBeRepeated() {
        apply(engine, 1, putting("b", "1"));
        apply(other, 1, putting("b", "old"));
        installInPart();
        other.close();
        other = StorageEngine.open(otherDir, SMALL);
        assertThat(other.replicas().isInstalling(REGION)).isTrue();
        other.replicas().install(REGION, B_TO_D, exported(B_TO_D), 0, NOTE, () -> {});
        assertThat(other.replicas().isInstalling(REGION)).isFalse();
        assertThat(other.get(Bytes.utf8("b"))).isEqualTo(Bytes.utf8("1"));
    }

    @Test
    void aDestroyedReplicaLeavesNothing() {
        engine.putRegion(REGION, NOTE);
        engine.replicas().log(REGION).append(1, List.of(new RaftLog.Entry(NOTE, true)));
        engine.replicas().log(REGION).save(new HardState(3, "me"));
        apply(engine, 1, putting("a", "not mine"), putting("b", "1"));
        engine.replicas().destroy(REGION, B_TO_D);
        reopen();
        assertThat(raw(engine)).hasSize(1);
        assertThat(engine.regions()).isEmpty();
        assertThat(engine.appliedIndex(REGION)).isZero();
        assertThat(engine.replicas().log(REGION).lastIndex()).isZero();
        assertThat(engine.replicas().log(REGION).hardState()).isEqualTo(HardState.NONE);
        assertThat(engine.replicas().isInstalling(REGION)).isFalse();
    }
}
