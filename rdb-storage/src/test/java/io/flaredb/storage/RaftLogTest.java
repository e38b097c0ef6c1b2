package io.flaredb.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class RaftLogTest extends EngineTest {
    private static RaftLog.Entry entry(String text) {
        return new RaftLog.Entry(text.getBytes(UTF_8), false);
    }

    private static RaftLog.Entry configuration(String text) {
        return new RaftLog.Entry(text.getBytes(UTF_8), true);
    }

    private RaftLog log() {
        return engine.replicas().log(REGION);
    }

    private RaftLog reopened() {
        reopen();
        return log();
    }

    private static void assertEntry(RaftLog log, long index, String text) {
        assertThat(log.read(index)).isEqualTo(text.getBytes(UTF_8));
    }

    @Test
    void startsEmpty() {
        assertThat(log().firstIndex()).isEqualTo(1);
        assertThat(log().lastIndex()).isZero();
        assertThat(log().read(1)).isNull();
        assertThat(log().hardState()).isEqualTo(HardState.NONE);
        assertThat(log().snapshot()).isNull();
    }

    @Test
    void keepsWhatWasAppended() {
        log().append(1, List.of(entry("a"), configuration("b")));
        log().append(3, List.of(entry("c")));
        RaftLog log = reopened();
        assertThat(log.firstIndex()).isEqualTo(1);
        assertThat(log.lastIndex()).isEqualTo(3);
        assertEntry(log, 1, "a");
        assertEntry(log, 3, "c");
        assertThat(log.configurations()).containsExactly(2L);
    }

    @Test
    void refusesAGap() {
        assertThatThrownBy(() -> log().append(2, List.of(entry("a"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ends at 0: cannot append at 2");
    }

    @Test
    void forgetsAPrefix() {
        log().append(1, List.of(configuration("a"), entry("b"), configuration("c")));
        log().truncatePrefix(3);
        assertHoldsOnlyTheThird(log());
        assertHoldsOnlyTheThird(reopened());
    }

    private static void assertHoldsOnlyTheThird(RaftLog log) {
        assertThat(log.firstIndex()).isEqualTo(3);
        assertThat(log.lastIndex()).isEqualTo(3);
        assertEntry(log, 3, "c");
        assertThat(log.configurations()).containsExactly(3L);
    }

    @Test
    void anEntryIsGoneOnlyWhenTheLogIsCutOnceMore() {
        log().append(1, List.of(entry("a"), entry("b"), entry("c")));
        log().truncatePrefix(3);
        assertEntry(log(), 2, "b");
        assertEntry(reopened(), 2, "b");

        log().append(4, List.of(entry("d")));
        log().truncatePrefix(4);
        assertThat(log().read(2)).isNull();
        assertEntry(log(), 3, "c");
    }

    @Test
    void goesOnBehindASnapshotThatTheLogDoesNotReach() {
        log().append(1, List.of(entry("a")));
        log().truncatePrefix(100);
        RaftLog log = reopened();
        assertThat(log.firstIndex()).isEqualTo(100);
        assertThat(log.lastIndex()).isEqualTo(99);
        log.append(100, List.of(entry("z")));
        assertEntry(log, 100, "z");
    }

    @Test
    void replacesASuffix() {
        log().append(1, List.of(entry("a"), configuration("b"), entry("c")));
        log().truncateSuffix(1);
        log().append(2, List.of(entry("B")));
        assertSecondIsReplaced(log());
        assertSecondIsReplaced(reopened());
    }

    private static void assertSecondIsReplaced(RaftLog log) {
        assertThat(log.lastIndex()).isEqualTo(2);
        assertEntry(log, 1, "a");
        assertEntry(log, 2, "B");
        assertThat(log.read(3)).isNull();
        assertThat(log.configurations()).isEmpty();
    }

    @Test
    void startsOverAtAnyIndex() {
        log().append(1, List.of(entry("a"), configuration("b")));
        log().reset(51);
        RaftLog log = reopened();
        assertThat(log.firstIndex()).isEqualTo(51);
        assertThat(log.lastIndex()).isEqualTo(50);
        assertThat(log.configurations()).isEmpty();
        log.append(51, List.of(entry("c")));
        assertEntry(log, 51, "c");
    }

    @Test
    void doesNotTouchItsNeighbours() {
        RaftLog below = engine.replicas().log(new RegionId(REGION.value() - 1));
        RaftLog above = engine.replicas().log(new RegionId(REGION.value() + 1));
        below.append(1, List.of(entry("below")));
        above.append(1, List.of(entry("above")));
        log().append(1, List.of(entry("a"), entry("b")));
        log().truncatePrefix(2);
        log().truncateSuffix(1);
        log().reset(1);
        assertEntry(below, 1, "below");
        assertEntry(above, 1, "above");
        assertThat(below.lastIndex()).isEqualTo(1);
        assertThat(log().lastIndex()).isZero();
    }

    @Test
    void keepsTermVoteAndSnapshot() {
        log().save(new HardState(7, "1-2:0"));
        log().saveSnapshot(new byte[] {1, 2});
        assertThat(reopened().hardState()).isEqualTo(new HardState(7, "1-2:0"));
        assertThat(log().snapshot()).containsExactly(1, 2);
        log().save(new HardState(8, ""));
        assertThat(reopened().hardState()).isEqualTo(new HardState(8, ""));
    }

    @Test
    void groupsShareTheWriter() throws Exception {
        int groups = 8;
        int entries = 50;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> done = new ArrayList<>();
            for (int group = 1; group <= groups; group++) {
                RaftLog log = engine.replicas().log(new RegionId(group));
                done.add(
                        threads.submit(() -> {
                            for (int i = 1; i <= entries; i++) {
                                log.append(i, List.of(entry("e" + i)));
                            }
                        }));
            }
            for (Future<?> each : done) {
                each.get();
            }
        }
        reopen();
        for (int group = 1; group <= groups; group++) {
            RaftLog log = engine.replicas().log(new RegionId(group));
            assertThat(log.lastIndex()).isEqualTo(entries);
            assertEntry(log, entries, "e" + entries);
        }
    }

    @Test
    void refusesToWriteOnceTheEngineIsClosed() {
        RaftLog log = log();
        engine.close();
        assertThatThrownBy(() -> log.append(1, List.of(entry("a"))))
                .isInstanceOf(IllegalStateException.class);
    }
}
