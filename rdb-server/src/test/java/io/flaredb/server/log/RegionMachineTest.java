package io.flaredb.server.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import io.flaredb.proto.meta.Region;
import io.flaredb.raft.Entry;
import io.flaredb.raft.Peer;
import io.flaredb.storage.Command;
import io.flaredb.storage.Fate;
import io.flaredb.storage.Outcome;
import io.flaredb.storage.RaftLog;
import io.flaredb.storage.RegionId;
import io.flaredb.storage.RequestId;
import io.flaredb.storage.StorageEngine;
import io.flaredb.storage.StorageOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the results of a run hold of the values that its refused swaps met, and which checks of a
 * log are carried out.
 */
@Timeout(60)
class RegionMachineTest {
    private static final RegionId REGION = new RegionId(7);
    private static final Bytes KEY = Bytes.utf8("k");
    private static final Bytes VALUE = Bytes.wrap(new byte[256 * 1024]);
    private static final long CHECK = 1;
    private static final int PARTS = 300;
    private static final long NOW_MILLIS = 1_700_000_000_000L;

    private final RegionChecks checks = new RegionChecks();

    @TempDir Path dir;
    private StorageEngine engine;
    private RegionMachine machine;
    private long index;

    @BeforeEach
    void open() {
        engine = StorageEngine.open(dir, new StorageOptions(8 << 20, 1 << 20, 1 << 20, 2));
        machine = machine();
        machine.apply(List.of(entry(write(new Command.CompareAndSwap(KEY, 0, VALUE)))));
    }

    private RegionMachine machine() {
        return new RegionMachine(
                engine,
                REGION,
                KeyRange.ALL,
                new NoDescription(),
                checks,
                new Digests(engine, failure -> {}));
    }

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void holdsAFewValuesOfManyConflicts() {
        List<Outcome.Conflict> conflicts = conflicts(run(refused(), refused()));

        assertThat(conflicts).hasSize(2 * PARTS);
        assertThat(bytesOf(conflicts)).isBetween((long) VALUE.size(), ConflictValues.MAX_BYTES);
    }

    @Test
    void countsTheValuesOfARunThatACheckDivides() {
        List<Outcome.Conflict> conflicts =
                conflicts(run(refused(), new LogEntry.Check(CHECK), refused()));
        checks.get(CHECK).join();

        assertThat(conflicts).hasSize(2 * PARTS);
        assertThat(bytesOf(conflicts)).isBetween((long) VALUE.size(), ConflictValues.MAX_BYTES);
    }

    @Test
    void everyConflictTellsTheVersionAndTheFirstTheValue() {
        List<Outcome.Conflict> conflicts = conflicts(run(refused()));

        assertThat(conflicts).extracting(Outcome.Conflict::currentVersion).containsOnly(1L);
        assertThat(conflicts.getFirst()).isEqualTo(new Outcome.Conflict(1, VALUE));
        assertThat(conflicts.getLast().lacksValue()).isTrue();
    }

    @Test
    void holdsValuesAgainInTheNextRun() {
        run(refused());

        assertThat(conflicts(run(write(new Command.CompareAndDelete(KEY, 9)))))
                .containsExactly(new Outcome.Conflict(1, VALUE));
    }

    @Test
    void remembersConflictsAlikeWithTheValueAndWithout() {
        LogEntry numbered = several(i -> numbered(i + 1));

        assertThat(fates(run(numbered))).allMatch(fate -> fate instanceof Fate.First);
        assertThat(fates(run(numbered)))
                .hasSize(PARTS)
                .containsOnly(new Fate.Repeat(new Outcome.Conflict(1, null)));
    }

    @Test
    void anAbsentKeyLacksNoValue() {
        LogEntry absent = write(new Command.CompareAndDelete(Bytes.utf8("other"), 9));

        List<Outcome.Conflict> conflicts = conflicts(run(refused(), absent));

        assertThat(conflicts.getLast()).isEqualTo(new Outcome.Conflict(0, null));
        assertThat(conflicts.getLast().lacksValue()).isFalse();
    }

    @Test
    void looksAtNothingForChecksOfAnEarlierLife() {
        long newest = index + 1;
        for (long i = 1; i <= newest; i++) {
            byte[] bytes = LogEntryCodec.encode(new LogEntry.Check(i));
            engine.replicas().log(REGION).append(i, List.of(new RaftLog.Entry(bytes, false)));
        }
        machine = machine();

        assertThat(run(new LogEntry.Check(newest))).containsExactly(new Applied.Checking(newest));
        assertThatThrownBy(checks.get(newest)::join)
                .hasCause(new NotCheckedException("the replica was started after the check"));

        run(new LogEntry.Check(newest + 1));
        assertThat(checks.get(newest + 1).join().index()).isEqualTo(newest + 1);
    }

    private List<Applied> run(LogEntry... entries) {
        return machine.apply(Stream.of(entries).map(this::entry).toList());
    }

    private Entry entry(LogEntry entry) {
        return new Entry(++index, 1, LogEntryCodec.encode(entry));
    }

    private static LogEntry.OfClient write(Command command) {
        return new LogEntry.Write(command);
    }

    private static LogEntry.OfClient numbered(int sequence) {
        return new LogEntry.Numbered(
                new RequestId(1, NOW_MILLIS, sequence, 1),
                NOW_MILLIS,
                new Command.CompareAndSwap(KEY, 9, Bytes.EMPTY));
    }

    /** Of deletes and swaps that expect a version which the key is not at. */
    private static LogEntry refused() {
        return several(i ->
                write(
                        i % 2 == 0
                                ? new Command.CompareAndDelete(KEY, 9)
                                : new Command.CompareAndSwap(KEY, 0, Bytes.EMPTY)));
    }

    private static LogEntry several(IntFunction<LogEntry.OfClient> part) {
        return new LogEntry.Several(IntStream.range(0, PARTS).mapToObj(part).toList());
    }

    private static List<Fate> fates(List<Applied> results) {
        List<Fate> fates = new ArrayList<>();
        for (Applied result : results) {
            switch (result) {
                case Applied.Several(var parts) -> fates.addAll(fates(parts));
                case Applied.Ended(Fate fate) -> fates.add(fate);
                case Applied.Done _,
                        Applied.Refused _,
                        Applied.Described _,
                        Applied.Checking _ -> {}
            }
        }
        return fates;
    }

    private static List<Outcome.Conflict> conflicts(List<Applied> results) {
        return fates(results).stream()
                .map(fate -> (Outcome.Conflict) ((Fate.First) fate).outcome())
                .toList();
    }

    /** Those of a value that several have count for each: each of their answers is a copy. */
    private static long bytesOf(List<Outcome.Conflict> conflicts) {
        return conflicts.stream()
                .map(Outcome.Conflict::currentValue)
                .mapToLong(value -> value == null ? 0 : value.size())
                .sum();
    }

    private static final class NoDescription implements RegionMachine.Description {
        @Override
        public Region current() {
            return Region.getDefaultInstance();
        }

        @Override
        public List<Peer> peers() {
            return List.of();
        }

        @Override
        public void follow(Region next) {}

        @Override
        public void installed(byte[] description) {}
    }
}
