package io.flaredb.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.alipay.sofa.jraft.conf.ConfigurationManager;
import com.alipay.sofa.jraft.entity.EnumOutter.EntryType;
import com.alipay.sofa.jraft.entity.LogEntry;
import com.alipay.sofa.jraft.entity.LogId;
import com.alipay.sofa.jraft.option.LogStorageOptions;
import io.flaredb.storage.RegionId;
import io.flaredb.storage.StorageEngine;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineLogStorageTest {
    private static final int LARGE_BYTES = 1 << 20;

    @TempDir Path dir;
    private final List<Throwable> fatal = new ArrayList<>();
    private StorageEngine engine;
    private EngineLogStorage log;

    @BeforeEach
    void open() {
        engine = StorageEngine.open(dir, TestStore.SMALL);
        log = opened();
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private EngineLogStorage opened() {
        EngineLogStorage storage =
                new EngineLogStorage(engine.replicas().log(new RegionId(1)), fatal::add);
        LogStorageOptions options = new LogStorageOptions();
        options.setConfigurationManager(new ConfigurationManager());
        assertThat(storage.init(options)).isTrue();
        return storage;
    }

    private static LogEntry entry(long index, long term, int bytes) {
        LogEntry entry = new LogEntry(EntryType.ENTRY_TYPE_DATA);
        entry.setId(new LogId(index, term));
        entry.setData(ByteBuffer.allocate(bytes));
        return entry;
    }

    private void append(long first, long term, int count) {
        List<LogEntry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            entries.add(entry(first + i, term, 100));
        }
        assertThat(log.appendEntries(entries)).isEqualTo(count);
    }

    @Test
    void theNewestEntriesNeedNoReading() {
        append(1, 5, 20);
        engine.close(); // what must be read now fails
        assertThat(id(log, 20)).isEqualTo(new LogId(20, 5));
        assertThat(id(log, 19)).isEqualTo(new LogId(19, 5));
        assertThat(fatal).isEmpty();
    }

    @Test
    void afterARestartTheLastEntryNeedsNoReading() {
        append(1, 5, 20);
        log = opened();
        engine.close();
        assertThat(id(log, 20)).isEqualTo(new LogId(20, 5));
    }

    @Test
    void largeEntriesAreNotKeptInMemory() {
        LogEntry large = entry(1, 5, LARGE_BYTES);
        assertThat(log.appendEntry(large)).isTrue();
        assertThat(log.getEntry(1))
                .isNotSameAs(large)
                .extracting(LogEntry::getId, LogEntry::getData)
                .containsExactly(large.getId(), large.getData());
    }

    @Test
    void ofManyEntriesThatAreNotSmallOnlyTheLastAreKeptInMemory() {
        List<LogEntry> entries = new ArrayList<>();
        for (int i = 1; i <= 8; i++) {
            entries.add(entry(i, 5, LARGE_BYTES / 10));
        }
        assertThat(log.appendEntries(entries)).isEqualTo(8);
        assertThat(log.getEntry(8)).isSameAs(entries.get(7));
        assertThat(log.getEntry(7)).isSameAs(entries.get(6));
        assertThat(log.getEntry(6)).isNotSameAs(entries.get(5));
    }

    @Test
    void anEntryThatCouldNotBeWrittenIsNotKept() {
        append(1, 5, 1);
        engine.close();
        assertThat(log.appendEntry(entry(2, 5, 100))).isFalse();
        assertThatThrownBy(() -> log.getEntry(2)) // looked for in the engine
                .isInstanceOf(IllegalStateException.class);
        assertThat(fatal).hasSize(2);
    }

    @Test
    void whateverIsChangedEveryEntryIsTheOneOnDisk() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int step = 0; step < 300; step++) {
            long first = log.getFirstLogIndex();
            long last = log.getLastLogIndex();
            switch (random.nextInt(8)) {
                case 0 -> assertThat(log.reset(last + random.nextInt(3) + 1)).isTrue();
                case 1 -> assertThat(log.truncatePrefix(within(random, first, last))).isTrue();
                case 2, 3 -> assertThat(log.truncateSuffix(within(random, first, last))).isTrue();
                case 4 ->
                        assertThat(log.appendEntry(entry(last + 1, step, LARGE_BYTES / 2)))
                                .isTrue();
                default -> append(last + 1, step, 1 + random.nextInt(12));
            }
            EngineLogStorage onDisk = opened();
            for (long i = log.getFirstLogIndex(); i <= log.getLastLogIndex() + 1; i++) {
                assertThat(id(log, i))
                        .as("entry %d after step %d, seed %d", i, step, seed)
                        .isEqualTo(id(onDisk, i));
            }
        }
        assertThat(fatal).isEmpty();
    }

    private static long within(Random random, long first, long last) {
        return first + random.nextInt((int) (last - first + 2));
    }

    private static @Nullable LogId id(EngineLogStorage log, long index) {
        LogEntry entry = log.getEntry(index);
        return entry == null ? null : entry.getId();
    }
}
