package io.flaredb.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

@Timeout(180)
final class DiskFullTest {
    private static final StorageOptions OPTIONS = EngineTest.SMALL;
    private static final RegionId REGION = EngineTest.REGION;

    @TempDir Path dir;
    private SmallDisk disk;
    private Path folder;

    private final Random random = new Random(42);
    private int written; // keys 0 to written - 1 are acknowledged

    @BeforeEach
    void mountDisk() throws Exception {
        disk = SmallDisk.mount(dir.resolve("disk"), 24);
        folder = disk.path().resolve("data");
    }

    @AfterEach
    void unmountDisk() throws Exception {
        if (disk != null) { // else the test was skipped
            disk.close();
        }
    }

    /** Small values fill the disk through the log, large ones mostly through flushed tables. */
    @ParameterizedTest
    @ValueSource(ints = {100, 20_000})
    void suspendsWritesAndResumesThemWithoutARestart(int valueBytes) throws Exception {
        StorageEngine engine = StorageEngine.open(folder, OPTIONS);
        try {
            for (int round = 0; round < 3; round++) {
                disk.fillUpTo(3 << 20);
                assertThat(writeUntilRefused(engine, valueBytes))
                        .isInstanceOf(WriteFailedException.class)
                        .hasMessage(
                                "writing to data folder %s failed, the outcome is unknown: disk full"
                                        .formatted(folder));
                assertSuspended(engine);
                assertHoldsAll(engine);

                disk.makeRoom();
                await().atMost(Duration.ofSeconds(60)).until(() -> write(engine, 10) == null);
                assertThat(engine.stats().notWritableReason()).isNull();
                assertHoldsAll(engine);
            }
            long applied = engine.appliedIndex(REGION);
            engine.close();
            try (StorageEngine reopened = StorageEngine.open(folder, OPTIONS)) {
                assertHoldsAll(reopened);
                assertThat(reopened.appliedIndex(REGION)).isEqualTo(applied);
            }
        } finally {
            engine.close();
        }
    }

    @Test
    void copiesARegionOnlyWhileThereIsSpaceToSpare() throws Exception {
        try (StorageEngine engine = StorageEngine.open(folder, OPTIONS)) {
            for (int i = 0; i < 100; i++) {
                assertThat(write(engine, 20_000)).isNull();
            }
            disk.fillUpTo(1 << 20);
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> engine.replicas().notWritableReason() != null);
            Path out = engine.replicas().staging("out");
            assertThatThrownBy(
                            () -> engine.replicas().export(REGION, KeyRange.ALL, out, () -> false))
                    .isInstanceOf(NotWritableException.class)
                    .hasMessageContaining("disk full");
            assertHoldsAll(engine);
        }
    }

    @Test
    void servesReadsWhenTheDatabaseCannotBeReopened() throws Exception {
        try (StorageEngine engine = StorageEngine.open(folder, OPTIONS)) {
            assertThat(write(engine, 100)).isNull();
        }
        try (DataFolder held = DataFolder.hold(folder);
                LiveDatabase live = LiveDatabase.open(held, OPTIONS)) {
            disk.fillUpTo(0);
            assertThatThrownBy(live::reopen).isInstanceOf(StorageException.class);
            RecordReader reader = new RecordReader(live);
            assertThat(reader.get(key(0))).isNotNull();
            assertThat(reader.scan(KeyRange.ALL, 10, 10_000).entries()).hasSize(1);
            disk.makeRoom();
            live.reopen();
            assertThat(reader.get(key(0))).isNotNull();
        }
    }

    /** What {@link StallPatience} tells a disk that is full from one that is slow by. */
    @Test
    void countsAFlushThatFailed() throws Exception {
        try (DataFolder held = DataFolder.hold(folder);
                LiveDatabase live = LiveDatabase.open(held, OPTIONS);
                WriteBatch batch = new WriteBatch()) {
            batch.put(new byte[] {1}, randomBytes(4 << 20)); // more than flushing gives back
            live.use(database -> {
                assertThat(database.property(StallPatience.BACKGROUND_ERRORS)).isZero();
                assertThatCode(() -> database.writeUnlogged(batch)).doesNotThrowAnyException();
                assertThatCode(() -> disk.fillUpTo(0)).doesNotThrowAnyException();
                assertThatThrownBy(database::flush).isInstanceOf(RocksDBException.class);
                assertThat(database.property(StallPatience.BACKGROUND_ERRORS)).isPositive();
                return true;
            });
            disk.makeRoom();
        }
    }

    @Test
    void saysThatTheDiskIsFullWhenAStoreCannotBeCreated() throws Exception {
        disk.fillUpTo(0);
        assertThatThrownBy(() -> StorageEngine.open(folder, OPTIONS))
                .isInstanceOf(DataFolderUnusableException.class)
                .hasMessageContaining(folder.toString());
        disk.makeRoom();
        StorageEngine.open(folder, OPTIONS).close();
    }

    private void assertSuspended(StorageEngine engine) {
        String message = "data folder %s is not writable: disk full".formatted(folder);
        assertThat(write(engine, 10))
                .isInstanceOf(NotWritableException.class)
                .hasMessageStartingWith(message)
                .hasMessageMatching(".* [(]\\d+ KiB free, \\d+ KiB needed to go on[)]");
        assertThatThrownBy(engine::newBatch)
                .isInstanceOf(NotWritableException.class)
                .hasMessageStartingWith(message);
        assertThatThrownBy(() -> engine.putRegion(REGION, new byte[0]))
                .isInstanceOf(NotWritableException.class);
        assertThat(engine.stats().notWritableReason()).isEqualTo("disk full");
    }

    private Throwable writeUntilRefused(StorageEngine engine, int valueBytes) {
        while (true) {
            Throwable refusal = write(engine, valueBytes);
            if (refusal != null) {
                return refusal;
            }
        }
    }

    private @Nullable Throwable write(StorageEngine engine, int valueBytes) {
        Command put = new Command.RawPut(key(written), Bytes.wrap(randomBytes(valueBytes)));
        Throwable refusal = catchThrowable(() -> engine.apply(REGION, List.of(put)));
        if (refusal == null) {
            written++;
        }
        return refusal;
    }

    /** They do not compress. */
    private byte[] randomBytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    private void assertHoldsAll(StorageEngine engine) {
        for (int i = 0; i < written; i++) {
            assertThat(engine.get(key(i))).as("key %d of %d", i, written).isNotNull();
        }
    }

    private static Bytes key(int i) {
        return Bytes.utf8("key" + i);
    }
}
