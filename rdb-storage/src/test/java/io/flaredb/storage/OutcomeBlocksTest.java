package io.flaredb.storage;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flaredb.bytes.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/** What is remembered of numbered writes is stored in blocks and read back the same. */
class OutcomeBlocksTest extends EngineTest {
    private static final int WINDOW = RequestTable.WINDOW;
    private static final SessionId SESSION = new SessionId(0xfeed, 1_000);
    private static final Command CREATE =
            new Command.CompareAndSwap(Bytes.utf8("k"), 0, Bytes.utf8("v"));

    @TempDir Path otherDir;

    /** One entry of a log, at the index that is its place in it. */
    private record Entry(RequestId id, Command command) {}

    private static RequestId id(long sequence, long lowest) {
        return new RequestId(SESSION.clientId(), SESSION.startMillis(), sequence, lowest);
    }

    /** Each comes to another version. */
    private static Entry swapping(long sequence, long lowest) {
        return new Entry(
                id(sequence, lowest),
                new Command.CompareAndSwap(Bytes.utf8("k"), sequence - 1, Bytes.EMPTY));
    }

    /** Applies what follows the applied index up to {@code end} in one batch. */
    private static List<Fate> apply(StorageEngine engine, List<Entry> log, int end) {
        List<Fate> fates = new ArrayList<>();
        try (ApplyBatch batch = engine.replicas().newBatch()) {
            for (int i = (int) engine.appliedIndex(REGION); i < end; i++) {
                Entry entry = log.get(i);
                fates.add(batch.apply(REGION, i + 1, entry.id(), 5_000 + i, entry.command()));
            }
            batch.commit();
        }
        return fates;
    }

    /** What was not flushed is lost, as in a crash of the machine. */
    private void crash(Path left) throws IOException {
        Files.createDirectory(left);
        List<Path> copied;
        do { // again if a compaction came in between
            copied = files();
            for (Path file : copied) {
                try {
                    Files.copy(file, left.resolve(file.getFileName()), REPLACE_EXISTING);
                } catch (NoSuchFileException e) {
                    break;
                }
            }
        } while (!files().equals(copied));
        engine.close();
        dir = left;
        engine = StorageEngine.open(dir, SMALL);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(dir)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private void flushAndReopen() {
        engine.replicas().flush();
        reopen();
    }

    private long storedBlocks() {
        engine.close();
        List<byte[]> keys = RawStore.keys(dir, ColumnFamily.REQUESTS);
        engine = StorageEngine.open(dir, SMALL);
        return keys.stream().filter(key -> key[Long.BYTES] == RequestKey.BLOCK).count();
    }

    @Test
    void aBatchWritesOneRecordForEachBlock() throws RocksDBException {
        RequestTable table = new RequestTable(0, 0, List.of());
        RequestChanges changes = new RequestChanges(REGION, table);
        for (long sequence = 1; sequence <= 256; sequence++) { // of blocks 0 to 16
            table.remember(id(sequence, 1), sequence, OutcomeCodec.neverDone(), changes);
        }
        engine.close();
        try (DataFolder folder = DataFolder.hold(dir);
                Database database = Database.open(folder, SMALL);
                WriteBatch batch = new WriteBatch()) {
            changes.fill(database, batch);
            assertThat(batch.count()).isEqualTo(17 + 2); // the session and the clock
        }
        engine = StorageEngine.open(dir, SMALL);
    }

    @Test
    void batchesThatTouchTheSameBlockKeepEachOthersOutcomes() {
        List<Entry> log = new ArrayList<>();
        for (long sequence = 1; sequence <= 40; sequence++) {
            log.add(swapping(sequence, 1));
        }
        for (int end = 1; end <= 40; end++) {
            apply(engine, log, end);
            if (end % 7 == 0) { // so that some of a block comes from the disk
                flushAndReopen();
            }
        }
        assertThat(storedBlocks()).isEqualTo(3);
        for (int i = 0; i < 40; i++) {
            log.add(log.get(i));
        }
        List<Fate> again = apply(engine, log, 80);
        for (int i = 0; i < 40; i++) {
            assertThat(again.get(i)).isEqualTo(new Fate.Repeat(new Outcome.Swapped(i + 1)));
        }
    }

    @Test
    void theWholeWindowIsReadBackWhereverItBegins() {
        int writes = 2 * WINDOW + 3 * OutcomeBlock.SEQUENCES;
        List<Entry> log = new ArrayList<>();
        for (long sequence = 1; sequence <= writes; sequence++) {
            log.add(swapping(sequence, 1));
        }
        for (int end = 101; end < WINDOW; end += 101) {
            apply(engine, log, end);
        }
        for (int end = writes - 20; end <= writes; end++) { // a window from each of a block's
            apply(engine, log, end);
            Map<String, String> before = Remembered.of(engine);
            assertThat(before).hasSize(2 + WINDOW);
            flushAndReopen();
            assertThat(Remembered.of(engine)).isEqualTo(before);
        }
        assertThat(storedBlocks()).isEqualTo(OutcomeBlock.PLACES);
        log.add(swapping(writes - WINDOW, 1));
        log.add(swapping(writes - WINDOW + 1, 1));
        assertThat(apply(engine, log, writes + 2))
                .containsExactly(
                        new Fate.Forgotten(0),
                        new Fate.Repeat(new Outcome.Swapped(writes - WINDOW + 1)));
    }

    @Test
    void aBlockThatLeavesTheWindowWithinItsBatchSparesTheOneInItsPlace() {
        List<Entry> log = new ArrayList<>();
        long round = (long) OutcomeBlock.PLACES * OutcomeBlock.SEQUENCES;
        for (long first = 1; first < 40 * round; first += round + 2 * OutcomeBlock.SEQUENCES) {
            log.add(new Entry(id(first, 1), CREATE));
            log.add(new Entry(id(first + round, 1), CREATE)); // has the same place
            apply(engine, log, log.size());
            Map<String, String> before = Remembered.of(engine);
            assertThat(before).containsKey(SESSION + " " + (first + round));
            flushAndReopen();
            assertThat(Remembered.of(engine)).isEqualTo(before);
        }
    }

    @Test
    void replicasRememberTheSameHoweverTheyCutTheirBatchesAndCrash() throws IOException {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        List<Entry> log = randomLog(random, 3_000);
        List<Fate> fates = new ArrayList<>();
        try (StorageEngine other =
                StorageEngine.open(Files.createDirectory(otherDir.resolve("other")), SMALL)) {
            for (int end = 1; end <= log.size(); end++) {
                fates.addAll(apply(other, log, end));
            }
            int crashes = 0;
            for (int from = 0; from < log.size(); from = (int) engine.appliedIndex(REGION)) {
                int end = Math.min(log.size(), from + 1 + random.nextInt(60));
                assertThat(apply(engine, log, end))
                        .as("seed %d", seed)
                        .isEqualTo(fates.subList(from, end));
                switch (random.nextInt(12)) {
                    case 0, 1 -> engine.replicas().flush();
                    case 2 -> crash(otherDir.resolve("left-" + crashes++));
                    default -> {}
                }
            }
            assertThat(Remembered.of(engine)).as("seed %d", seed).isEqualTo(Remembered.of(other));
            assertThat(Remembered.digest(engine))
                    .as("seed %d", seed)
                    .isEqualTo(Remembered.digest(other));
            Map<String, String> before = Remembered.of(engine);
            flushAndReopen();
            assertThat(Remembered.of(engine)).as("seed %d", seed).isEqualTo(before);
        }
    }

    @Test
    void theRecordsOfAForgottenSessionAreDeleted() {
        List<Entry> log = new ArrayList<>();
        for (long sequence = 1; sequence <= 100; sequence++) {
            log.add(swapping(sequence, 1));
        }
        apply(engine, log, 50);
        engine.replicas().flush();
        try (ApplyBatch batch = engine.replicas().newBatch()) {
            for (int i = 50; i < 100; i++) {
                batch.apply(REGION, i + 1, log.get(i).id(), 5_000, log.get(i).command());
            }
            batch.forgetIdle(REGION, 101, Long.MAX_VALUE); // also what it has just remembered
            batch.commit();
        }
        engine.replicas().flush();
        assertThat(storedBlocks()).isZero();
        assertThat(Remembered.of(engine)).containsOnlyKeys("clock");
    }

    @Test
    void aGarbledBlockIsRefused() {
        byte[] good = OutcomeBlock.encode(0, Map.of(1L, OutcomeCodec.neverDone()));
        byte[] far = good.clone();
        far[Long.BYTES] = OutcomeBlock.SEQUENCES;
        byte[] empty = good.clone();
        empty[good.length - 2] = 0; // the length
        assertGarbled(1, good); // in another's place
        assertGarbled(0, far);
        assertGarbled(0, empty);
        assertGarbled(0, Arrays.copyOf(good, good.length - 1));
    }

    private static void assertGarbled(int place, byte[] block) {
        assertThatThrownBy(() ->
                        OutcomeBlock.decode(place, ByteBuffer.wrap(block), (outcome, at) -> {}))
                .isInstanceOf(CorruptionException.class);
    }

    @Test
    void aBlockThatIsCutShortOrOfNoSessionStopsTheRegion() {
        apply(engine, List.of(swapping(1, 1)), 1);
        for (SessionId session : List.of(SESSION, new SessionId(1, 1))) {
            Bytes key = Bytes.wrap(RequestKey.block(REGION, session, 0));
            engine.replicas().flush();
            engine.close();
            byte[] before = RawStore.get(dir, ColumnFamily.REQUESTS, key);
            RawStore.put(dir, ColumnFamily.REQUESTS, key, new byte[Long.BYTES + 3]);
            engine = StorageEngine.open(dir, SMALL);
            assertThatThrownBy(() -> engine.requests().of(REGION))
                    .isInstanceOf(CorruptionException.class)
                    .hasMessageContaining("requests is garbled");
            engine.close();
            if (before != null) {
                RawStore.put(dir, ColumnFamily.REQUESTS, key, before);
            }
            engine = StorageEngine.open(dir, SMALL);
        }
    }

    /** Sessions whose sequences come out of order, again, and now and then far ahead. */
    private static List<Entry> randomLog(Random random, int entries) {
        List<Entry> log = new ArrayList<>();
        long[] next = {1, 1, 1};
        long[] lowest = {1, 1, 1};
        for (int i = 0; i < entries; i++) {
            int session = random.nextInt(next.length);
            if (random.nextInt(200) == 0) {
                next[session] += random.nextInt(2 * WINDOW);
            }
            long sequence = Math.max(lowest[session], next[session] - random.nextInt(50));
            next[session] = Math.max(next[session], sequence) + random.nextInt(3);
            if (random.nextInt(20) == 0) {
                lowest[session] = Math.max(lowest[session], sequence - random.nextInt(200));
            }
            log.add(
                    new Entry(
                            new RequestId(session, 1_000, sequence, lowest[session]),
                            new Command.CompareAndSwap(
                                    Bytes.utf8("k"), random.nextInt(1 + i), Bytes.EMPTY)));
        }
        return log;
    }
}
