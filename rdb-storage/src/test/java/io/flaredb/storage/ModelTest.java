package io.flaredb.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeTry;
import org.rocksdb.RocksDBException;

/**
 * Random batches, abandoned batches, reopens and compactions, against {@link ModelStore}.
 *
 * <p>The seed is printed; {@code @Property(seed = "...")} replays it.
 */
@SuppressWarnings("NullAway.Init") // set before each try
class ModelTest {
    private static final RegionId REGION = EngineTest.REGION;

    /** Few, so that commands meet; first bytes on both sides of the sign. */
    private static final List<Bytes> KEYS =
            Stream.of("a", "b", "c", "\u007f", "\u00e9").map(Bytes::utf8).toList();

    private Path dir;
    private StorageEngine engine;
    private ModelStore model;

    @BeforeTry
    void openEngine() throws IOException {
        dir = Files.createTempDirectory("flaredb-model");
        engine = StorageEngine.open(dir, EngineTest.SMALL);
        model = new ModelStore();
    }

    @AfterTry
    void closeEngine() throws IOException {
        engine.close();
        try (Stream<Path> files = Files.walk(dir)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Property(tries = 50)
    void behavesLikePlainMaps(@ForAll("steps") List<Step> steps) throws RocksDBException {
        for (Step step : steps) {
            switch (step) {
                case Commit(var drafts) -> commit(drafts);
                case Abandon(var drafts) -> abandon(drafts);
                case Reopen() -> reopen();
                case Compact() -> compact();
                case Scan(var start, var end, var limit) -> scan(new KeyRange(start, end), limit);
            }
            assertThat(engine.appliedIndex(REGION)).isEqualTo(model.applied);
            assertThat(engine.versionFloor(REGION)).isEqualTo(model.highestDeleted);
        }
        reopen();
        scan(KeyRange.ALL, 3);
    }

    private void commit(List<Draft> drafts) {
        try (ApplyBatch batch = engine.newBatch()) {
            for (Draft draft : drafts) {
                Command command = draft.command(model::version);
                Outcome expected = model.apply(command);
                assertThat(batch.apply(REGION, model.applied, command)).isEqualTo(expected);
            }
            batch.commit();
        }
        for (Draft draft : drafts) {
            check(draft.key());
        }
    }

    /** What memory knows comes first: to read from the disk brings it there. */
    private void check(Bytes key) {
        Bytes raw = model.raw.get(key);
        VersionedValue versioned = model.versioned.get(key);
        assertThat(engine.getFromMemory(key)).isIn(raw, null);
        assertThat(engine.getVersionedFromMemory(key)).isIn(versioned, null);
        assertThat(engine.get(key)).isEqualTo(raw);
        assertThat(engine.getVersioned(key)).isEqualTo(versioned);
    }

    private void abandon(List<Draft> drafts) {
        try (ApplyBatch batch = engine.newBatch()) {
            long index = model.applied;
            for (Draft draft : drafts) {
                batch.apply(REGION, ++index, draft.command(model::version));
            }
        }
    }

    private void reopen() {
        engine.close();
        engine = StorageEngine.open(dir, EngineTest.SMALL);
    }

    /** Then all records are on the disk, and nothing of them is in memory. */
    private void compact() throws RocksDBException {
        engine.close();
        EngineTest.compact(dir);
        engine = StorageEngine.open(dir, EngineTest.SMALL);
        KEYS.forEach(this::check);
    }

    private void scan(KeyRange range, int limit) {
        List<KeyValue> raw = new ArrayList<>();
        for (KeyRange rest = range; rest != null; ) {
            ScanPage<KeyValue> page = engine.scan(rest, limit, 10);
            raw.addAll(page.entries());
            rest = page.resumeKey() == null ? null : range.intersect(from(page.resumeKey()));
        }
        assertThat(raw)
                .isEqualTo(
                        model.raw.entrySet().stream()
                                .filter(entry -> range.contains(entry.getKey()))
                                .map(entry -> new KeyValue(entry.getKey(), entry.getValue()))
                                .toList());
        assertThat(engine.scanVersioned(range, 1_000, 1_000_000).entries())
                .isEqualTo(
                        model.versioned.entrySet().stream()
                                .filter(entry -> range.contains(entry.getKey()))
                                .map(entry ->
                                        new VersionedEntry(
                                                entry.getKey(),
                                                entry.getValue().version(),
                                                entry.getValue().value()))
                                .toList());
    }

    private static KeyRange from(Bytes key) {
        return new KeyRange(key, Bytes.EMPTY);
    }

    sealed interface Step {}

    record Commit(List<Draft> drafts) implements Step {}

    record Abandon(List<Draft> drafts) implements Step {}

    record Reopen() implements Step {}

    record Compact() implements Step {}

    record Scan(Bytes start, Bytes end, int limit) implements Step {}

    enum Kind {
        RAW_PUT,
        RAW_DELETE,
        RAW_PUT_ALL,
        SWAP,
        DELETE
    }

    /**
     * A command whose expected version is not known before it runs.
     *
     * @param offset added to the current version: 0 makes it succeed
     */
    record Draft(Kind kind, Bytes key, Bytes value, long offset) {
        Command command(ToLongFunction<Bytes> currentVersion) {
            long expected = Math.max(0, currentVersion.applyAsLong(key) + offset);
            return switch (kind) {
                case RAW_PUT -> new Command.RawPut(key, value);
                case RAW_DELETE -> new Command.RawDelete(key);
                case RAW_PUT_ALL ->
                        new Command.RawPutAll(
                                List.of(
                                        new KeyValue(key, Bytes.EMPTY),
                                        new KeyValue(key.next(), value),
                                        new KeyValue(key, value)));
                case SWAP -> new Command.CompareAndSwap(key, expected, value);
                case DELETE -> new Command.CompareAndDelete(key, expected);
            };
        }
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Bytes> keys = Arbitraries.of(KEYS);
        Arbitrary<Bytes> values = Arbitraries.strings().alpha().ofMaxLength(4).map(Bytes::utf8);
        Arbitrary<Draft> drafts =
                Combinators.combine(
                                Arbitraries.of(Kind.class),
                                keys,
                                values,
                                Arbitraries.of(0L, 0L, 0L, 0L, 1L, -1L))
                        .as(Draft::new);
        Arbitrary<Bytes> bounds = Arbitraries.oneOf(keys, Arbitraries.just(Bytes.EMPTY));
        return Arbitraries.<Step>frequencyOf(
                        Tuple.of(8, drafts.list().ofMinSize(1).ofMaxSize(8).map(Commit::new)),
                        Tuple.of(1, drafts.list().ofMaxSize(4).map(Abandon::new)),
                        Tuple.of(1, Arbitraries.create(Reopen::new)),
                        Tuple.of(1, Arbitraries.create(Compact::new)),
                        Tuple.of(
                                2,
                                Combinators.combine(
                                                bounds,
                                                bounds,
                                                Arbitraries.integers().between(1, 4))
                                        .as(Scan::new)))
                .list()
                .ofMinSize(1)
                .ofMaxSize(30);
    }
}
