package io.flaredb.storage;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.flaredb.bytes.Bytes;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/** Writes while RocksDB cannot flush, as on a full disk or one that is too slow. */
final class StallTest {
    private static final int MOST_WRITES = 100;
    private static final StorageOptions TINY_BUFFERS = new StorageOptions(1 << 20, 64 << 10, 2);

    @TempDir Path dir;

    @Test
    @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // would hang natively
    void givesUpAWriteThatWaitsTooLongForAFlush() throws Exception {
        AtomicReference<RocksDB> opened = new AtomicReference<>();
        try (DataFolder folder = DataFolder.hold(dir);
                Database database =
                        Database.open(
                                folder,
                                TINY_BUFFERS,
                                (options, path, families, handles) -> {
                                    opened.set(RocksDB.open(options, path, families, handles));
                                    return opened.get();
                                })) {
            opened.get().pauseBackgroundWork();
            int written = 0;
            Throwable refusal = null;
            while (refusal == null && written < MOST_WRITES) {
                Bytes key = key(written);
                refusal = catchThrowable(() -> write(database, key));
                if (refusal == null) {
                    written++;
                }
            }
            assertThat(refusal).isInstanceOf(RocksDBException.class);
            StorageException answer =
                    RocksFailure.onWrite(dir, (RocksDBException) requireNonNull(refusal));
            assertThat(answer)
                    .isInstanceOf(NotWritableException.class)
                    .hasMessage("data folder %s is not writable: flushing does not keep up", dir);
            assertThat(database.get(ColumnFamily.RAW, key(written).unsafeArray())).isNull();
            assertThat(written).isPositive();

            opened.get().continueBackgroundWork();
            write(database, key(written));
            for (int i = 0; i <= written; i++) {
                assertThat(database.get(ColumnFamily.RAW, key(i).unsafeArray())).isNotNull();
            }
        }
    }

    private static void write(Database database, Bytes key) throws RocksDBException {
        try (WriteBatch batch = new WriteBatch()) {
            batch.put(database.handle(ColumnFamily.RAW), key.unsafeArray(), new byte[100 * 1024]);
            database.write(batch);
        }
    }

    private static Bytes key(int i) {
        return Bytes.utf8("key" + i);
    }
}
