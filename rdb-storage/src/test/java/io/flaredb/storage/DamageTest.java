package io.flaredb.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A byte of a stopped store is flipped: whatever it was, it must never be served or left out. */
final class DamageTest {
    private static final int RECORDS = 12;
    private static final int LOG_BLOCK_BYTES = 32 * 1024;

    @TempDir Path dir;
    private Path store;
    private Path damaged;

    @BeforeEach
    void nameFolders() {
        store = dir.resolve("store");
        damaged = dir.resolve("damaged");
    }

    @Test
    void stopsAtEveryKindOfFlippedByteInALog() throws Exception {
        writeRecords(store, 100);
        Path log = onlyFile(store, "*.log");
        int size = (int) Files.size(log);
        // A prime step: it meets every field of records, their lengths included (see below).
        for (int at = 0; at < size; at += 29) {
            assertStopsWithFlip(log, at);
        }
    }

    @Test
    void stopsAtFlippedLengthsInTheLastBlockOfALog() throws Exception {
        writeRecords(store, 100);
        Path log = onlyFile(store, "*.log");
        byte[] bytes = Files.readAllBytes(log);
        int records = 0;
        for (int at = 0; at < bytes.length; at += 7 + length(bytes, at), records++) {
            assertStopsWithFlip(log, at + 4);
            assertStopsWithFlip(log, at + 5);
        }
        assertThat(records).isGreaterThanOrEqualTo(RECORDS);
    }

    @Test
    void stopsAtAFlippedByteInALogOfSeveralBlocks() throws Exception {
        writeRecords(store, 10_000);
        Path log = onlyFile(store, "*.log");
        assertThat(Files.size(log)).isGreaterThan(3 * LOG_BLOCK_BYTES);
        for (int block = 0; block < 3; block++) {
            for (int at : new int[] {0, 4, 5, 6, 7, 9_999}) {
                assertStopsWithFlip(log, block * LOG_BLOCK_BYTES + at);
            }
        }
        assertStopsWithFlip(log, (int) Files.size(log) - 1);
    }

    @Test
    void opensALogThatWasCutInItsLastRecord() throws Exception {
        writeRecords(store, 100);
        Path log = onlyFile(store, "*.log");
        byte[] bytes = Files.readAllBytes(log);
        for (int cut : new int[] {1, 50, 120}) {
            copyStore();
            Files.write(
                    damaged.resolve(log.getFileName()), Arrays.copyOf(bytes, bytes.length - cut));
            try (StorageEngine engine = StorageEngine.open(damaged, EngineTest.SMALL)) {
                assertThat(engine.scan(KeyRange.ALL, 100, 100_000).entries()).hasSize(RECORDS - 1);
            }
        }
    }

    @Test
    void stopsAtAFlippedByteInTheManifest() throws Exception {
        writeRecords(store, 100);
        Path manifest = onlyFile(store, "MANIFEST-*");
        for (int at = 0; at < Files.size(manifest); at += 5) {
            assertStopsWithFlip(manifest, at);
        }
        assertStopsWithFlip(store.resolve("CURRENT"), 3);
    }

    @Test
    void servesNothingFromATableWithAFlippedByte() throws Exception {
        writeRecords(store, 5_000);
        StorageEngine.open(store, EngineTest.SMALL).close(); // flushes the log into tables
        Path table = largestTable();
        copyStore();
        flip(damaged.resolve(table.getFileName()), 1_000); // a data block
        try (StorageEngine engine = StorageEngine.open(damaged, EngineTest.SMALL)) {
            assertDamaged(() -> engine.get(key(0)));
            assertDamaged(() -> engine.getAll(List.of(key(0)), 1_000_000));
            assertDamaged(() -> engine.scan(KeyRange.ALL, 100, 1_000_000));
        }
    }

    @Test
    void neverAnswersWrongHoweverATableIsDamaged() throws Exception {
        writeRecords(store, 100);
        StorageEngine.open(store, EngineTest.SMALL).close();
        Path table = largestTable();
        int stopped = 0;
        for (int at = 0; at < Files.size(table); at += 23) {
            copyStore();
            flip(damaged.resolve(table.getFileName()), at);
            try (StorageEngine engine = StorageEngine.open(damaged, EngineTest.SMALL)) {
                for (int i = 0; i < RECORDS; i++) {
                    assertThat(engine.get(key(i))).as("flip at %d", at).isEqualTo(value(i, 100));
                }
            } catch (CorruptionException e) {
                stopped++;
            }
        }
        assertThat(stopped).isPositive();
    }

    @Test
    void suspectsARecordOfImpossibleForm() {
        StorageEngine.open(store, EngineTest.SMALL).close();
        Bytes key = Bytes.utf8("k");
        RawStore.put(store, ColumnFamily.CAS, key, new byte[7]);
        try (StorageEngine engine = StorageEngine.open(store, EngineTest.SMALL)) {
            assertDamaged(() -> engine.getVersioned(key));
            assertDamaged(() -> engine.scanVersioned(KeyRange.ALL, 1, 1));
            assertDamaged(() ->
                    engine.apply(
                            EngineTest.REGION, List.of(new Command.CompareAndSwap(key, 0, key))));
        }
        RawStore.put(store, ColumnFamily.RAFT_STATE, key, new byte[] {1});
        assertDamaged(() -> StorageEngine.open(store, EngineTest.SMALL));
    }

    private void assertStopsWithFlip(Path file, int at) throws IOException {
        copyStore();
        flip(damaged.resolve(file.getFileName()), at);
        assertThatThrownBy(() -> StorageEngine.open(damaged, EngineTest.SMALL).close())
                .as("flip of byte %d of %s", at, file.getFileName())
                .isInstanceOf(CorruptionException.class)
                .hasMessageContaining(damaged.toString());
    }

    private static void assertDamaged(ThrowingCallable read) {
        assertThatThrownBy(read).isInstanceOf(CorruptionException.class);
    }

    /** Leaves the records in the log, as a kill would. */
    private void writeRecords(Path folder, int valueBytes) throws IOException {
        Path live = dir.resolve("live");
        try (StorageEngine engine = StorageEngine.open(live, EngineTest.SMALL)) {
            for (int i = 0; i < RECORDS; i++) {
                engine.apply(
                        EngineTest.REGION,
                        List.of(new Command.RawPut(key(i), value(i, valueBytes))));
            }
            copy(live, folder);
        }
    }

    private static Bytes key(int i) {
        return Bytes.utf8("key" + i);
    }

    private static Bytes value(int i, int sizeBytes) {
        byte[] value = new byte[sizeBytes];
        new Random(i).nextBytes(value);
        return Bytes.wrap(value);
    }

    private static int length(byte[] log, int at) {
        return Byte.toUnsignedInt(log[at + 4]) | Byte.toUnsignedInt(log[at + 5]) << 8;
    }

    private static void flip(Path file, int at) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[at] ^= (byte) 0xff;
        Files.write(file, bytes);
    }

    private Path largestTable() throws IOException {
        try (Stream<Path> files = Files.list(store)) {
            return files.filter(file -> file.toString().endsWith(".sst"))
                    .max(Comparator.comparingLong(file -> file.toFile().length()))
                    .orElseThrow();
        }
    }

    private static Path onlyFile(Path folder, String glob) throws IOException {
        try (var found = Files.newDirectoryStream(folder, glob)) {
            List<Path> files = new ArrayList<>();
            found.forEach(files::add);
            assertThat(files).hasSize(1);
            return files.get(0);
        }
    }

    private void copyStore() throws IOException {
        if (Files.exists(damaged)) {
            try (Stream<Path> files = Files.list(damaged)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
        }
        copy(store, damaged);
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                if (!file.getFileName().toString().startsWith("LOG")) { // RocksDB's own notes
                    Files.copy(
                            file,
                            to.resolve(file.getFileName()),
                            StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }
}
