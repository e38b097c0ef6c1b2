package io.flaredb.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.flaredb.bytes.Bytes;
import org.junit.jupiter.api.Test;
import org.rocksdb.RocksDBException;

/** Reads that may not wait for a disk, of records whose tables nothing has looked into yet. */
final class ReadsFromMemoryTest extends EngineTest {
    private static final int RECORDS = 1_000;

    @Test
    void whatMemoryDoesNotHaveIsNotMadeUp() throws RocksDBException {
        for (int i = 0; i < RECORDS; i++) {
            put("k" + i, "v" + i);
            swap("k" + i, 0, "v" + i);
        }
        compactAndReopen();

        for (int i = 0; i < RECORDS; i++) {
            Bytes key = Bytes.utf8("k" + i);
            assertThat(engine.getFromMemory(key)).isNull();
            assertThat(engine.getVersionedFromMemory(key)).isNull();
            Bytes absent = Bytes.utf8("k" + i + "-");
            assertThat(engine.getFromMemory(absent)).isNull();
            assertThat(engine.getVersionedFromMemory(absent)).isNull();
        }
        assertThat(engine.get(Bytes.utf8("k0-"))).as("nor remembered").isNull();
        for (int i = 0; i < RECORDS; i++) {
            Bytes key = Bytes.utf8("k" + i);
            VersionedValue versioned = new VersionedValue(1, Bytes.utf8("v" + i));
            assertThat(engine.get(key)).isEqualTo(Bytes.utf8("v" + i));
            assertThat(engine.getFromMemory(key)).isEqualTo(Bytes.utf8("v" + i));
            assertThat(engine.getVersioned(key)).isEqualTo(versioned);
            assertThat(engine.getVersionedFromMemory(key)).isEqualTo(versioned);
        }
    }

    @Test
    void anEmptyValueIsFoundOneWayOrTheOther() throws RocksDBException {
        put("k", "");
        compactAndReopen();

        assertThat(engine.getFromMemory(Bytes.utf8("k"))).isNull();
        assertThat(engine.get(Bytes.utf8("k"))).isEqualTo(Bytes.EMPTY);
    }

    private void compactAndReopen() throws RocksDBException {
        engine.close();
        compact(dir);
        engine = StorageEngine.open(dir, SMALL);
    }
}
