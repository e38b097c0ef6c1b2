package io.flaredb.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flaredb.bytes.Bytes;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;

/** Which folders a store can be opened in, and that the others are left alone. */
final class DataFolderTest {
    private static final StorageOptions OPTIONS = EngineTest.SMALL;

    @TempDir Path dir;

    @Test
    void createsAStoreInAnAbsentFolder() {
        Path absent = dir.resolve("a/b");
        StorageEngine.open(absent, OPTIONS).close();
        StorageEngine.open(absent, OPTIONS).close();
    }

    @Test
    void deletesWhatACrashLeftInStaging() throws Exception {
        try (StorageEngine engine = StorageEngine.open(dir, OPTIONS)) {
            Files.writeString(engine.replicas().staging("in-1").resolve("cas-0.table"), "half");
        }
        StorageEngine.open(dir, OPTIONS).close();
        assertThat(dir.resolve("staging")).doesNotExist();
    }

    @Test
    void hasExactlyItsColumnFamilies() throws Exception {
        StorageEngine.open(dir, OPTIONS).close();
        try (Options options = new Options()) {
            assertThat(RocksDB.listColumnFamilies(options, dir.toString()))
                    .extracting(Bytes::of)
                    .extracting(Bytes::utf8)
                    .containsExactlyInAnyOrder(
                            "default", "cas", "raft_log", "raft_state", "requests");
        }
    }

    @Test
    void refusesAFolderWithForeignFiles() throws Exception {
        Files.writeString(dir.resolve("holiday.jpg"), "x");
        assertUnusable("is not empty and not FlareDB's: it holds holiday.jpg");
        assertThat(dir.toFile().list()).containsExactly("holiday.jpg");
    }

    @Test
    void refusesARocksDbOfSomeoneElse() throws Exception {
        try (Options options = new Options().setCreateIfMissing(true);
                RocksDB other = RocksDB.open(options, dir.toString())) {
            other.put(new byte[] {1}, new byte[] {2});
        }
        assertUnusable("is not empty and not FlareDB's");
        assertThat(dir.resolve(DataFolder.CLAIM)).doesNotExist();
    }

    @Test
    void namesAnUnknownColumnFamily() {
        StorageEngine.open(dir, OPTIONS).close();
        RawStore.addFamily(dir, "surprise");
        assertUnusable("has the unknown column family surprise");
    }

    @Test
    void namesAnUnknownColumnFamilyOfARocksDbOfSomeoneElse() throws Exception {
        try (Options options = new Options().setCreateIfMissing(true)) {
            RocksDB.open(options, dir.toString()).close();
        }
        RawStore.addFamily(dir, "surprise");
        assertUnusable("has the unknown column family surprise");
    }

    @Test
    void refusesAFileInPlaceOfAFolder() throws Exception {
        Path file = Files.writeString(dir.resolve("file"), "x");
        assertThatThrownBy(() -> StorageEngine.open(file, OPTIONS))
                .isInstanceOf(DataFolderUnusableException.class)
                .hasMessage("data folder %s is not a directory".formatted(file));
        assertThatThrownBy(() -> StorageEngine.open(file.resolve("below"), OPTIONS))
                .isInstanceOf(DataFolderUnusableException.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void takesOverTheFormatFromBeforeReplicationForGood() {
        StorageEngine.open(dir, OPTIONS).close();
        setFormat(1);
        StorageEngine.open(dir, OPTIONS).close();
        assertThat(RawStore.get(dir, ColumnFamily.RAFT_STATE, Bytes.wrap(StateKey.FORMAT.encode())))
                .isEqualTo(StateValue.ofU32(StoreFormat.VERSION));
        setFormat(0);
        assertUnusable("has format 0");
    }

    @Test
    void takesOverAFolderFromBeforeNumberedWrites() {
        StorageEngine.open(dir, OPTIONS).close();
        RawStore.dropFamily(dir, ColumnFamily.REQUESTS);
        assertThatThrownBy(() -> StorageEngine.open(dir, OPTIONS))
                .isInstanceOf(CorruptionException.class)
                .hasMessageContaining("has lost the column family requests");
        setFormat(2);
        StorageEngine.open(dir, OPTIONS).close();
        StorageEngine.open(dir, OPTIONS).close();
    }

    @Test
    void refusesANewerFormat() {
        StorageEngine.open(dir, OPTIONS).close();
        setFormat(StoreFormat.VERSION + 1);
        assertUnusable("has format 6: this FlareDB reads format 5");
    }

    @Test
    void completesAStoreWhoseCreationWasInterrupted() {
        try (DataFolder folder = DataFolder.hold(dir)) {
            assertThat(folder.hasDatabase()).isFalse(); // nothing but the claim
        }
        StorageEngine.open(dir, OPTIONS).close();
    }

    @Test
    void completesAStoreWithSomeColumnFamilies() {
        try (DataFolder folder = DataFolder.hold(dir);
                Database database = Database.open(folder, OPTIONS)) {
            database.createFamily(ColumnFamily.CAS);
        }
        try (StorageEngine engine = StorageEngine.open(dir, OPTIONS)) {
            engine.apply(
                    EngineTest.REGION,
                    List.of(new Command.CompareAndSwap(Bytes.utf8("k"), 0, Bytes.EMPTY)));
        }
    }

    @Test
    void stopsWhenAColumnFamilyIsGone() {
        StorageEngine.open(dir, OPTIONS).close();
        RawStore.dropFamily(dir, ColumnFamily.CAS);
        assertThatThrownBy(() -> StorageEngine.open(dir, OPTIONS))
                .isInstanceOf(CorruptionException.class)
                .hasMessage("data folder %s has lost the column family cas".formatted(dir));
    }

    @Test
    void refusesRecordsWithoutAFormat() {
        RawStore.put(dir, ColumnFamily.RAW, Bytes.utf8("k"), new byte[] {1});
        assertUnusable("holds records that no FlareDB store has written");
    }

    @Test
    void stopsWhenTheRootFileIsGone() throws Exception {
        StorageEngine.open(dir, OPTIONS).close();
        StorageEngine.open(dir, OPTIONS).close(); // flushes the log into tables
        Files.delete(dir.resolve("CURRENT"));
        assertThatThrownBy(() -> StorageEngine.open(dir, OPTIONS))
                .isInstanceOf(CorruptionException.class)
                .hasMessageContaining(dir.toString())
                .hasMessageContaining("no CURRENT");
    }

    @Test
    void refusesAFolderThisProcessHasOpen() throws Exception {
        Path link = Files.createSymbolicLink(dir.resolveSibling(dir.getFileName() + "-link"), dir);
        try (StorageEngine engine = StorageEngine.open(dir, OPTIONS)) {
            for (Path path : List.of(dir, link)) {
                assertThatThrownBy(() -> StorageEngine.open(path, OPTIONS))
                        .isInstanceOf(DataFolderInUseException.class)
                        .hasMessage("data folder %s is in use by this process".formatted(dir));
            }
            engine.putRegion(EngineTest.REGION, new byte[0]);
        } finally {
            Files.delete(link);
        }
        StorageEngine.open(dir, OPTIONS).close();
    }

    /** Each class loader has its own idea of which folders are open. */
    @Test
    void refusesAFolderThatAnotherClassLoaderOfThisProcessHasOpen() throws Exception {
        StorageEngine.open(dir, OPTIONS).close();
        try (FileChannel claim =
                FileChannel.open(dir.resolve(DataFolder.CLAIM), StandardOpenOption.WRITE)) {
            claim.lock();
            for (int attempt = 0; attempt < 2; attempt++) {
                assertThatThrownBy(() -> StorageEngine.open(dir, OPTIONS))
                        .isInstanceOf(DataFolderInUseException.class)
                        .hasMessage("data folder %s is in use by this process".formatted(dir));
            }
        }
        StorageEngine.open(dir, OPTIONS).close();
    }

    @Test
    @Timeout(120)
    void refusesAFolderAnotherProcessHasOpen(@TempDir Path temp) throws Exception {
        try (ChildProcess child = ChildProcess.writingTo(dir, temp)) {
            assertThat(child.acknowledged()).isEqualTo(1);
            for (int attempt = 0; attempt < 2; attempt++) {
                assertThatThrownBy(() -> StorageEngine.open(dir, OPTIONS))
                        .isInstanceOf(DataFolderInUseException.class)
                        .hasMessage("data folder %s is in use by another process".formatted(dir));
            }
            assertThat(child.acknowledged()).isEqualTo(2);
        }
        StorageEngine.open(dir, OPTIONS).close();
    }

    private void setFormat(int version) {
        RawStore.put(
                dir,
                ColumnFamily.RAFT_STATE,
                Bytes.wrap(StateKey.FORMAT.encode()),
                StateValue.ofU32(version));
    }

    private void assertUnusable(String message) {
        assertThatThrownBy(() -> StorageEngine.open(dir, OPTIONS))
                .isInstanceOf(DataFolderUnusableException.class)
                .hasMessageStartingWith("data folder " + dir)
                .hasMessageContaining(message);
        assertThatThrownBy(() -> StorageEngine.open(dir, OPTIONS)) // and is not held
                .isInstanceOf(DataFolderUnusableException.class);
    }
}
