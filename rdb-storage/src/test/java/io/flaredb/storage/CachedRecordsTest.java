package io.flaredb.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/** Where records come from that were read before, and when no more. */
final class CachedRecordsTest extends EngineTest {
    private static final Bytes KEY = Bytes.utf8("k");

    @TempDir Path elsewhere;

    @Test
    void aRecordThatWasReadIsNotSoughtAgainUntilTheDatabaseIsReopened() {
        try (DataFolder folder = DataFolder.hold(elsewhere);
                LiveDatabase live = LiveDatabase.open(folder, SMALL)) {
            RecordReader reader = new RecordReader(live);
            for (ColumnFamily family : new ColumnFamily[] {ColumnFamily.RAW, ColumnFamily.CAS}) {
                writeBehindTheCache(live, family, 1);
            }
            assertThat(reader.get(KEY)).isEqualTo(stored(1));
            assertThat(reader.getVersionedFromMemory(KEY)).isEqualTo(record(1));
            for (ColumnFamily family : new ColumnFamily[] {ColumnFamily.RAW, ColumnFamily.CAS}) {
                writeBehindTheCache(live, family, 2);
            }
            assertThat(reader.get(KEY)).isEqualTo(stored(1));
            assertThat(reader.getFromMemory(KEY)).isEqualTo(stored(1));
            assertThat(reader.getVersioned(KEY)).isEqualTo(record(1));
            assertThat(reader.getVersionedFromMemory(KEY)).isEqualTo(record(1));
            live.reopen();
            assertThat(reader.get(KEY)).isEqualTo(stored(2));
            assertThat(reader.getVersioned(KEY)).isEqualTo(record(2));
        }
    }

    private static VersionedValue record(long version) {
        return new VersionedValue(version, KEY);
    }

    private static Bytes stored(long version) {
        return Bytes.wrap(CasRecord.encode(record(version)));
    }

    private static void writeBehindTheCache(LiveDatabase live, ColumnFamily family, long version) {
        live.<@Nullable Void>use(database -> {
            try (WriteBatch batch = new WriteBatch()) {
                batch.put(
                        database.handle(family), KEY.unsafeArray(), stored(version).unsafeArray());
                database.write(batch);
                return null;
            } catch (RocksDBException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void anInstallationReplacesWhatWasRead() {
        put("k", "old");
        put("gone", "old");
        swap("k", 0, "old");
        readAll();
        try (StorageEngine source = StorageEngine.open(elsewhere.resolve("data"), SMALL)) {
            try (ApplyBatch batch = source.replicas().newBatch()) {
                batch.apply(REGION, 8, new Command.RawPut(KEY, Bytes.utf8("new")));
                batch.apply(REGION, 9, new Command.CompareAndSwap(KEY, 0, Bytes.utf8("new")));
                batch.commit();
            }
            RegionTables tables =
                    source.replicas()
                            .export(
                                    REGION,
                                    KeyRange.ALL,
                                    source.replicas().staging("out"),
                                    () -> false);
            engine.replicas().install(REGION, KeyRange.ALL, tables, 9, new byte[] {1}, () -> {});
        }
        assertThat(engine.get(KEY)).isEqualTo(Bytes.utf8("new"));
        assertThat(engine.get(Bytes.utf8("gone"))).isNull();
        assertThat(engine.getVersioned(KEY)).isEqualTo(new VersionedValue(1, Bytes.utf8("new")));
    }

    @Test
    void nothingIsReadOfARegionThatWasDestroyed() {
        put("k", "old");
        put("gone", "old");
        swap("k", 0, "old");
        readAll();
        engine.replicas().destroy(REGION, KeyRange.ALL);
        assertThat(engine.get(KEY)).isNull();
        assertThat(engine.getFromMemory(Bytes.utf8("gone"))).isNull();
        assertThat(engine.getVersioned(KEY)).isNull();
    }

    private void readAll() {
        assertThat(engine.get(KEY)).isEqualTo(Bytes.utf8("old"));
        assertThat(engine.get(Bytes.utf8("gone"))).isEqualTo(Bytes.utf8("old"));
        assertThat(engine.getVersioned(KEY)).isEqualTo(new VersionedValue(1, Bytes.utf8("old")));
    }

    @Test
    void refusesToReadAfterTheCloseWhatWasReadBefore() {
        put("k", "v");
        assertThat(engine.get(KEY)).isNotNull();
        engine.close();
        assertThatThrownBy(() -> engine.get(KEY))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageEndingWith("is closed");
        assertThatThrownBy(() -> engine.getFromMemory(KEY))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageEndingWith("is closed");
    }
}
