package io.flaredb.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class RecordCacheTest {
    private static final int MIB = 1 << 20;
    private static final int SLOTS = 4_096; // of one MiB

    private static final int THREADS = 3;
    private static final int ROUNDS = 1_000_000;

    private final RecordCache cache = new RecordCache(MIB);

    @AfterEach
    void closeCache() {
        cache.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private @Nullable String cached(String key) {
        byte[] stored = cache.get(ColumnFamily.RAW, bytes(key));
        return stored == null ? null : new String(stored, UTF_8);
    }

    private long stamp(String key) {
        return cache.stamp(ColumnFamily.RAW, bytes(key));
    }

    private void keep(String key, String value, long stamp) {
        cache.keep(ColumnFamily.RAW, bytes(key), bytes(value), stamp);
    }

    private void read(String key, String value) {
        keep(key, value, stamp(key));
    }

    private static List<RecordChange> change(String key, @Nullable String value) {
        return List.of(
                new RecordChange(
                        ColumnFamily.RAW, bytes(key), value == null ? null : bytes(value)));
    }

    private void commit(String key, @Nullable String value) {
        cache.shut(change(key, value));
        cache.open(change(key, value), true);
    }

    @Test
    void namesTheCacheThatThereIsNoMemoryFor() {
        long beyondAnyMachine = 1L << 60; // so that no system promises it, and then cannot keep it
        assertThatThrownBy(() -> LiveDatabase.recordCache(Path.of("data"), beyondAnyMachine))
                .isInstanceOf(NoMemoryException.class)
                .hasMessage(
                        "data folder data: there is no memory for a record cache of 1099511627776"
                                + " MiB: make it smaller, or 0 for none");
    }

    @Test
    void hasWhatWasRead() {
        assertThat(cached("k")).isNull();
        read("k", "v");
        assertThat(cached("k")).isEqualTo("v");
        read("", "");
        assertThat(cached("")).isEmpty();
        assertThat(cached("kk")).isNull();
    }

    @Test
    void hasWhatWasWritten() {
        commit("k", "1");
        assertThat(cached("k")).isEqualTo("1");
        commit("k", "two");
        assertThat(cached("k")).isEqualTo("two");
    }

    @Test
    void hasNotWhatWasDeleted() {
        read("k", "v");
        commit("k", null);
        assertThat(cached("k")).isNull();
        read("k", "w");
        assertThat(cached("k")).isEqualTo("w");
    }

    @Test
    void tellsColumnFamiliesApart() {
        byte[] key = bytes("k");
        read("k", "raw");
        assertThat(cache.get(ColumnFamily.CAS, key)).isNull();
        cache.keep(ColumnFamily.CAS, key, bytes("cas"), cache.stamp(ColumnFamily.CAS, key));
        assertThat(cache.get(ColumnFamily.CAS, key)).isEqualTo(bytes("cas"));
        assertThat(cached("k")).isEqualTo("raw");
    }

    @Test
    void keepsNoRecordThatIsTooLarge() {
        int most = RecordSlots.LARGEST_BYTES;
        read("k", "v".repeat(most - 1));
        assertThat(cached("k")).hasSize(most - 1);
        commit("k", "v".repeat(most));
        assertThat(cached("k")).isNull();
        read("k", "v".repeat(most));
        assertThat(cached("k")).isNull();
        read("k".repeat(most), "");
        assertThat(cached("k".repeat(most))).isEmpty();
        read("k".repeat(most + 1), "");
        commit("k".repeat(most + 1), "");
        assertThat(cached("k".repeat(most + 1))).isNull();
    }

    @Test
    void answersNoKeyWithTheValueOfAnother() {
        int keys = 5 * SLOTS;
        for (int i = 0; i < keys; i++) {
            read("key-%09d".formatted(i), "value-" + i);
        }
        int hits = 0;
        for (int i = 0; i < keys; i++) {
            String value = cached("key-%09d".formatted(i));
            if (value != null) {
                assertThat(value).isEqualTo("value-" + i);
                hits++;
            }
        }
        assertThat(hits).isEqualTo(SLOTS); // every set is full: keys are spread evenly
    }

    @Test
    void evictsForWhatIsReadButNotForWhatIsWritten() {
        for (int i = 0; i < 5 * SLOTS; i++) {
            read("old" + i, "v");
        }
        commit("new", "v");
        assertThat(cached("new")).isNull();
        read("new", "v");
        assertThat(cached("new")).isEqualTo("v");
        commit("new", "w");
        assertThat(cached("new")).isEqualTo("w");
    }

    @Test
    void refusesWhatWasReadBeforeAChange() {
        long stamp = stamp("k");
        commit("k", "new");
        keep("k", "old", stamp);
        assertThat(cached("k")).isEqualTo("new");
        long again = stamp("k");
        commit("k", null);
        keep("k", "new", again);
        assertThat(cached("k")).isNull();
    }

    @Test
    void standsAsideDuringAChange() {
        long before = stamp("k");
        read("k", "old");
        cache.shut(change("k", "new"));
        assertThat(cached("k")).isNull();
        keep("k", "old", before);
        assertThat(stamp("k")).isEqualTo(RecordCache.NO_STAMP);
        keep("k", "old", stamp("k"));
        cache.open(change("k", "new"), true);
        assertThat(cached("k")).isEqualTo("new");
    }

    @Test
    void forgetsARecordOfWhichNobodyKnowsWhetherItWasWritten() {
        read("k", "old");
        cache.shut(change("k", "new"));
        cache.open(change("k", "new"), false);
        assertThat(cached("k")).isNull();
        read("k", "old");
        assertThat(cached("k")).isEqualTo("old");
    }

    @Test
    void decidesNothingBetweenTwoThatChangeTheSameKeyAtTheSameTime() {
        List<RecordChange> first = change("k", "1");
        List<RecordChange> second = change("k", "2");
        read("k", "0");
        cache.shut(first);
        cache.shut(second); // and commits behind the first
        cache.open(second, true);
        assertThat(stamp("k")).isEqualTo(RecordCache.NO_STAMP);
        cache.open(first, true);
        assertThat(cached("k")).isNull();
        commit("k", "3");
        assertThat(cached("k")).isEqualTo("3");
    }

    @Test
    void isEmptyDuringAndAfterAChangeOfEverything() {
        read("k", "v");
        read("other", "v");
        long before = stamp("k");
        cache.emptyAround(() -> {
            assertThat(cached("k")).isNull();
            read("k", "v");
            keep("k", "v", before);
            commit("k", "v");
        });
        assertThat(cached("other")).isNull();
        assertThat(cached("k")).isNull();
        keep("k", "v", before);
        assertThat(cached("k")).isNull();
        read("k", "w");
        assertThat(cached("k")).isEqualTo("w");
    }

    @Test
    void isEmptyAndInUseAgainAfterAChangeThatFailed() {
        read("k", "v");
        assertThatThrownBy(() ->
                        cache.emptyAround(() -> {
                            throw new ReadFailedException("why", null);
                        }))
                .hasMessage("why");
        assertThat(cached("k")).isNull();
        read("k", "w");
        assertThat(cached("k")).isEqualTo("w");
    }

    /** In a single set, so that each record is always being replaced by another one. */
    @Test
    @Timeout(60)
    void givesNoRecordThatIsBeingReplaced() throws Exception {
        try (RecordCache one = new RecordCache(RecordSlots.SET_BYTES);
                ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int thread = i;
                running.add(threads.submit(() -> readAndReplace(one, thread)));
            }
            for (Future<?> thread : running) {
                thread.get();
            }
        }
    }

    private static void readAndReplace(RecordCache one, int thread) {
        Random random = new Random(thread);
        int hits = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte which = (byte) random.nextInt(16);
            byte[] key = new byte[1 + which % 3];
            Arrays.fill(key, which);
            byte[] stored = one.get(ColumnFamily.RAW, key);
            if (stored == null) {
                byte[] value = new byte[20 + 10 * which];
                Arrays.fill(value, which);
                one.keep(ColumnFamily.RAW, key, value, one.stamp(ColumnFamily.RAW, key));
                continue;
            }
            hits++;
            boolean whole = stored.length == 20 + 10 * which;
            for (byte each : stored) {
                whole &= each == which;
            }
            assertThat(whole).as("thread %d, round %d", thread, round).isTrue();
        }
        assertThat(hits).isPositive();
    }

    @Test
    void keepsNothingWithoutMemory() {
        try (RecordCache none = new RecordCache(0)) {
            byte[] key = bytes("k");
            none.shut(change("k", "v"));
            none.open(change("k", "v"), true);
            none.keep(ColumnFamily.RAW, key, key, none.stamp(ColumnFamily.RAW, key));
            none.emptyAround(() -> {});
            assertThat(none.get(ColumnFamily.RAW, key)).isNull();
        }
    }

    @Test
    void hasNothingOnceItIsClosed() {
        read("k", "v");
        cache.close();
        assertThat(cached("k")).isNull();
        read("k", "v");
        commit("k", "v");
        cache.emptyAround(() -> {});
        assertThat(cached("k")).isNull();
    }
}
