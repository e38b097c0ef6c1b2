package io.flaredb.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.FlushOptions;
import org.rocksdb.MutableColumnFamilyOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteOptions;

class TuningTest {
    /** More than RocksDB by itself slows writes down at, fewer than it stops them at. */
    private static final int TABLES = 30;

    /** Far more than RocksDB has room for at once while it slows writes down. */
    private static final byte[] VALUE = new byte[256 << 10];

    @TempDir Path dir;

    @Test
    void neverSlowsDownAWriteThatCannotWait() throws Exception {
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        try (Tuning tuning = new Tuning(EngineTest.SMALL);
                RocksDB rocks =
                        RocksDB.open(
                                tuning.database(),
                                dir.toString(),
                                List.of(
                                        new ColumnFamilyDescriptor(
                                                ColumnFamily.RAW.nameBytes(),
                                                tuning.family(ColumnFamily.RAW))),
                                handles);
                ColumnFamilyHandle raw = handles.getFirst();
                WriteOptions notWaiting = new WriteOptions().setNoSlowdown(true);
                FlushOptions flushing = new FlushOptions()) {
            // As if compacting did not keep up.
            rocks.setOptions(
                    raw,
                    MutableColumnFamilyOptions.builder()
                            .setLevel0FileNumCompactionTrigger(1_000)
                            .build());
            for (int i = 0; i < TABLES; i++) {
                rocks.put(raw, notWaiting, new byte[] {(byte) i}, VALUE);
                rocks.flush(flushing, raw);
            }
            assertThat(rocks.getProperty(raw, "rocksdb.num-files-at-level0"))
                    .isEqualTo(Integer.toString(TABLES));
            assertThat(rocks.getLongProperty("rocksdb.actual-delayed-write-rate")).isZero();
        }
    }
}
