package io.flaredb.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import io.flaredb.client.CasBatchResult;
import io.flaredb.client.CasOperation;
import io.flaredb.client.CasResult;
import io.flaredb.client.FlareDb;
import io.flaredb.client.FlareDbOptions;
import io.flaredb.client.InvalidRequestException;
import io.flaredb.client.KeyValue;
import io.flaredb.client.RefusedException;
import io.flaredb.client.StoreInfo;
import io.flaredb.client.TimestampRange;
import io.flaredb.client.VersionedEntry;
import io.flaredb.client.VersionedValue;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every FlareDB does, however it is reached. */
abstract class FlareDbContract {
    /** What a loaded machine does not exceed. */
    static final FlareDbOptions OPTIONS =
            FlareDbOptions.defaults().withTimeout(Duration.ofSeconds(60));

    private static final Bytes KEY = key("k");
    private static final Bytes VALUE = key("v");
    private static final Bytes OTHER = key("w");

    /** The FlareDB under test: empty, and closed after the test. */
    abstract FlareDb db();

    /**
     * Ends the store as its owner would, and brings it back with its data.
     *
     * @param whileDown gets the store's data folder
     */
    abstract void restart(Consumer<Path> whileDown);

    /** Opens the FlareDB again that a test has closed. */
    abstract void reopen();

    private static Bytes key(String text) {
        return Bytes.utf8(text);
    }

    private static CasResult swapped(long version) {
        return new CasResult.Swapped(version);
    }

    private static CasResult conflict(long version, Bytes value) {
        return new CasResult.Conflict(version, Optional.of(value));
    }

    private static final CasResult ABSENT = new CasResult.Conflict(0, Optional.empty());

    @Test
    void readsWhatWasPut() {
        assertThat(db().raw().get(KEY)).isEmpty();
        db().raw().put(KEY, VALUE);
        assertThat(db().raw().get(KEY)).contains(VALUE);
        db().raw().put(KEY, OTHER);
        assertThat(db().raw().get(KEY)).contains(OTHER);
        db().raw().delete(KEY);
        assertThat(db().raw().get(KEY)).isEmpty();
        db().raw().delete(KEY);
    }

    @Test
    void tellsAnEmptyValueFromNone() {
        db().raw().put(KEY, Bytes.EMPTY);
        assertThat(db().raw().get(KEY)).contains(Bytes.EMPTY);
        assertThat(db().raw().batchGet(List.of(KEY))).containsEntry(KEY, Bytes.EMPTY);

        assertThat(db().cas().put(KEY, 0, Bytes.EMPTY)).isEqualTo(swapped(1));
        assertThat(db().cas().get(KEY)).contains(new VersionedValue(1, Bytes.EMPTY));
        assertThat(db().cas().put(KEY, 0, VALUE)).isEqualTo(conflict(1, Bytes.EMPTY));
    }

    @Test
    void takesTheLongestKeyAndValueAndNotAByteMore() {
        Bytes longestKey = Bytes.wrap(new byte[4 * 1024]);
        Bytes longestValue = Bytes.wrap(new byte[4 * 1024 * 1024]);
        db().raw().put(longestKey, longestValue);
        assertThat(db().raw().get(longestKey)).contains(longestValue);
        assertThat(db().cas().put(longestKey, 0, longestValue)).isEqualTo(swapped(1));
        assertThat(db().cas().put(longestKey, 0, VALUE)).isEqualTo(conflict(1, longestValue));

        assertThatThrownBy(() -> db().raw().put(longestKey.next(), VALUE))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("key is 4097 bytes: allowed are 1 to 4096");
        assertThatThrownBy(() -> db().raw().put(KEY, longestValue.next()))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("value is 4194305 bytes: allowed are at most 4194304");
    }

    @Test
    void keepsRawAndVersionedKeysApart() {
        db().raw().put(KEY, VALUE);
        assertThat(db().cas().get(KEY)).isEmpty();
        assertThat(db().cas().put(KEY, 0, OTHER)).isEqualTo(swapped(1));
        db().raw().delete(KEY);
        assertThat(db().cas().get(KEY)).contains(new VersionedValue(1, OTHER));
    }

    @Test
    void swapsOnTheExpectedVersionOnly() {
        assertThat(db().cas().put(KEY, 1, VALUE)).isEqualTo(ABSENT);
        for (int version = 0; version < 10; version++) {
            assertThat(db().cas().put(KEY, version, VALUE)).isEqualTo(swapped(version + 1));
        }
        assertThat(db().cas().put(KEY, 5, OTHER)).isEqualTo(conflict(10, VALUE));
        assertThat(db().cas().put(KEY, -1, OTHER)).isEqualTo(conflict(10, VALUE));
        assertThat(db().cas().get(KEY)).contains(new VersionedValue(10, VALUE));
    }

    @Test
    void bringsALargeValueToEachOfManyConflictsAtOnce() {
        Bytes large = Bytes.wrap(new byte[1024 * 1024]);
        db().cas().put(KEY, 0, large);

        List<CompletableFuture<CasResult>> refused =
                IntStream.range(0, 60).mapToObj(this::refused).toList();

        assertThat(refused).allMatch(result -> result.join().equals(conflict(1, large)));
    }

    private CompletableFuture<CasResult> refused(int i) {
        return i % 2 == 0
                ? db().cas().async().put(KEY, 9, VALUE)
                : db().cas().async().delete(KEY, 9);
    }

    @Test
    void neverRepeatsAVersion() {
        db().cas().put(KEY, 0, VALUE);
        db().cas().put(KEY, 1, VALUE);

        assertThat(db().cas().delete(KEY, 1)).isEqualTo(conflict(2, VALUE));
        assertThat(db().cas().delete(KEY, 2)).isEqualTo(swapped(0));
        assertThat(db().cas().delete(KEY, 2)).isEqualTo(ABSENT);
        assertThat(db().cas().delete(KEY, 0)).isEqualTo(swapped(0));
        assertThat(db().cas().get(KEY)).isEmpty();
        assertThat(db().cas().put(KEY, 0, OTHER)).isEqualTo(swapped(3));
    }

    @Test
    void carriesOutABatchWhole() {
        db().cas().put(KEY, 0, VALUE);
        db().cas().put(OTHER, 0, VALUE);

        assertThat(
                        db().cas()
                                .batch(
                                        List.of(
                                                CasOperation.swap(KEY, 1, OTHER),
                                                CasOperation.swap(VALUE, 0, OTHER),
                                                CasOperation.delete(OTHER, 1),
                                                CasOperation.check(key("none"), 0))))
                .isInstanceOfSatisfying(
                        CasBatchResult.Swapped.class,
                        swapped -> {
                            assertThat(swapped.versions().keySet())
                                    .containsExactly(KEY, VALUE, OTHER, key("none"));
                            assertThat(swapped.versions())
                                    .containsEntry(KEY, 2L)
                                    .containsEntry(OTHER, 0L)
                                    .containsEntry(key("none"), 0L);
                            assertThat(swapped.versions().get(VALUE)).isPositive();
                        });
        assertThat(db().cas().get(KEY)).contains(new VersionedValue(2, OTHER));
        assertThat(db().cas().get(VALUE)).map(VersionedValue::value).contains(OTHER);
        assertThat(db().cas().get(OTHER)).isEmpty();
        assertThat(db().cas().put(OTHER, 0, VALUE)).isEqualTo(swapped(2)); // never 1 again
    }

    @Test
    void doesNothingOfABatchThatMeetsAnotherVersion() {
        db().cas().put(KEY, 0, VALUE);
        List<CasOperation> batch =
                List.of(
                        CasOperation.swap(KEY, 1, OTHER),
                        CasOperation.swap(OTHER, 0, OTHER),
                        CasOperation.check(VALUE, 3));

        CasBatchResult expected =
                new CasBatchResult.Conflict(Map.of(KEY, 1L, OTHER, 0L, VALUE, 0L));
        assertThat(db().cas().batch(batch)).isEqualTo(expected);
        assertThat(db().cas().async().batch(batch).join()).isEqualTo(expected);

        assertThat(db().cas().get(KEY)).contains(new VersionedValue(1, VALUE));
        assertThat(db().cas().get(OTHER)).isEmpty();
    }

    @Test
    void takesTheLargestBatchAndNotAnOperationMore() {
        List<CasOperation> operations =
                IntStream.rangeClosed(0, 1_000)
                        .mapToObj(i -> CasOperation.swap(key("key" + i), 0, VALUE))
                        .toList();

        assertThat(db().cas().batch(operations.subList(0, 1_000)))
                .isInstanceOf(CasBatchResult.Swapped.class);
        assertThat(db().cas().scan(KeyRange.ALL, 2_000)).hasSize(1_000);
        assertThatThrownBy(() -> db().cas().batch(operations))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("batch has 1001 operations: allowed are 1 to 1000");
    }

    @Test
    void letsOneOfManySwapsWin() {
        List<CompletableFuture<CasResult>> swaps =
                IntStream.range(0, 50)
                        .mapToObj(i -> db().cas().async().put(KEY, 0, key("writer " + i)))
                        .toList();
        List<CasResult> results = swaps.stream().map(CompletableFuture::join).toList();

        assertThat(results).containsOnlyOnce(swapped(1));
        Bytes winner = key("writer " + results.indexOf(swapped(1)));
        assertThat(results)
                .filteredOn(r -> !r.equals(swapped(1)))
                .containsOnly(conflict(1, winner));
    }

    @Test
    void losesNoUpdateAmongMany() {
        List<CompletableFuture<VersionedValue>> updates =
                IntStream.range(0, 40)
                        .mapToObj(i -> db().cas().async().update(KEY, FlareDbContract::plusOne))
                        .toList();

        assertThat(updates.stream().map(CompletableFuture::join).map(VersionedValue::version))
                .doesNotHaveDuplicates();
        assertThat(db().cas().get(KEY)).contains(new VersionedValue(40, key("40")));
        assertThat(db().cas().update(KEY, FlareDbContract::plusOne))
                .isEqualTo(new VersionedValue(41, key("41")));
    }

    private static Bytes plusOne(Optional<Bytes> value) {
        return key(Integer.toString(value.map(v -> Integer.parseInt(v.utf8())).orElse(0) + 1));
    }

    @Test
    void readsAndWritesManyKeysAtOnce() {
        Map<Bytes, Bytes> entries = new LinkedHashMap<>();
        IntStream.range(0, 10_000).forEach(i -> entries.put(key("key" + i), key("value" + i)));
        db().raw().batchPut(entries);

        List<Bytes> asked = new ArrayList<>(entries.keySet());
        asked.set(3, key("nowhere"));
        Map<Bytes, Bytes> found = db().raw().batchGet(asked);
        assertThat(found).hasSize(9_999).doesNotContainKey(key("nowhere"));
        assertThat(new ArrayList<>(found.keySet()))
                .isEqualTo(asked.stream().filter(entries::containsKey).toList());
    }

    @Test
    void readsMoreThanFitsOneAnswer() {
        Bytes large = Bytes.wrap(new byte[3 * 1024 * 1024]);
        List<Bytes> keys = IntStream.range(0, 8).mapToObj(i -> key("large" + i)).toList();
        keys.forEach(key -> db().raw().put(key, large));

        assertThat(db().raw().batchGet(keys)).hasSize(8);
        assertThat(db().raw().scan(KeyRange.ALL, 100))
                .containsExactlyElementsOf(
                        keys.stream().map(key -> new KeyValue(key, large)).toList());
    }

    @Test
    void scansInUnsignedByteOrder() {
        List<Bytes> sorted =
                List.of(
                        Bytes.wrap(new byte[] {0}),
                        Bytes.wrap(new byte[] {0, 0}),
                        key("a"),
                        key("aa"),
                        key("b"),
                        Bytes.wrap(new byte[] {(byte) 0x80}),
                        Bytes.wrap(new byte[] {(byte) 0xff, (byte) 0xff}));
        sorted.reversed().forEach(key -> db().raw().put(key, VALUE));
        sorted.reversed().forEach(key -> db().cas().put(key, 0, VALUE));

        assertThat(db().raw().scan(KeyRange.ALL, 100)).extracting(KeyValue::key).isEqualTo(sorted);
        assertThat(db().cas().scan(KeyRange.ALL, 100))
                .isEqualTo(sorted.stream().map(k -> new VersionedEntry(k, 1, VALUE)).toList());
        assertThat(db().raw().scan(new KeyRange(key("a"), key("b")), 100))
                .extracting(KeyValue::key)
                .containsExactly(key("a"), key("aa"));
        assertThat(db().raw().scan(KeyRange.ALL, 2)).hasSize(2);
        assertThat(db().raw().scan(new KeyRange(key("b"), key("a")), 2)).isEmpty();
    }

    @Test
    void iteratesOverMoreThanOnePage() {
        Map<Bytes, Bytes> entries = new LinkedHashMap<>();
        IntStream.range(0, 2_500).forEach(i -> entries.put(key("%05d".formatted(i)), VALUE));
        db().raw().batchPut(entries);
        entries.keySet().stream()
                .limit(1_100)
                .map(key -> db().cas().async().put(key, 0, VALUE))
                .toList()
                .forEach(CompletableFuture::join);

        assertThat(db().raw().scan(KeyRange.ALL))
                .extracting(KeyValue::key)
                .containsExactlyElementsOf(entries.keySet());
        assertThat(db().cas().scan(KeyRange.ALL)).hasSize(1_100);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 262_145})
    void refusesACountOfTimestampsThatIsOutOfRange(int count) {
        assertThatThrownBy(() -> db().tso().next(count))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("count is " + count + ": allowed are 1 to 262144");
    }

    @Test
    void givesEachTimestampOnce() throws Exception {
        ConcurrentSkipListSet<Long> seen = new ConcurrentSkipListSet<>();
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            callers.add(
                    Thread.ofPlatform()
                            .start(() -> {
                                long last = 0;
                                for (int j = 0; j < 200; j++) {
                                    TimestampRange range = db().tso().next(3);
                                    assertThat(range.first()).isGreaterThan(last);
                                    for (long t = range.first(); t <= range.last(); t++) {
                                        seen.add(t);
                                    }
                                    last = range.last();
                                }
                            }));
        }
        for (Thread caller : callers) {
            caller.join();
        }
        assertThat(seen).hasSize(8 * 200 * 3);
        assertThat(db().tso().next(262_144).count()).isEqualTo(262_144);
    }

    @Test
    void describesItself() {
        assertThat(db().cluster().clusterId()).isNotZero();
        Awaitility.await()
                .untilAsserted(() ->
                        assertThat(db().cluster().regions())
                                .singleElement()
                                .satisfies(region -> {
                                    assertThat(region.range()).isEqualTo(KeyRange.ALL);
                                    assertThat(region.leaderStoreId()).hasValue(1);
                                }));
        assertThat(db().cluster().stores())
                .singleElement()
                .satisfies(store -> {
                    assertThat(store.id()).isEqualTo(1);
                    assertThat(store.state()).isEqualTo(StoreInfo.State.UP);
                });
    }

    @Test
    void keepsEverythingOverARestart() {
        db().raw().put(KEY, VALUE);
        db().cas().put(KEY, 0, VALUE);
        db().cas().delete(KEY, 1);
        db().cas().put(KEY, 0, VALUE);
        long clusterId = db().cluster().clusterId();
        long timestamp = db().tso().next();

        restart(store -> {});

        assertThat(db().raw().get(KEY)).contains(VALUE);
        assertThat(db().cas().get(KEY)).contains(new VersionedValue(2, VALUE));
        assertThat(db().cas().put(OTHER, 0, VALUE)).isEqualTo(swapped(2)); // above the floor
        assertThat(db().cluster().clusterId()).isEqualTo(clusterId);
        assertThat(db().tso().next()).isGreaterThan(timestamp);
    }

    @Test
    void refusesWorkOnceClosed() {
        FlareDb db = db();
        db.close();
        db.close();

        assertThatThrownBy(() -> db.raw().put(KEY, VALUE))
                .isInstanceOf(RefusedException.class)
                .hasMessage("this client is closed");
        assertThatThrownBy(db.cas().async().get(KEY)::join)
                .hasCauseInstanceOf(RefusedException.class);
    }

    @Test
    void endsWhatIsUnderWayWhenClosed() {
        List<CompletableFuture<?>> underWay = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            underWay.add(db().raw().async().put(key("key" + i), VALUE));
            underWay.add(db().raw().async().get(key("key" + i)));
            underWay.add(db().tso().async().next());
        }
        db().close();

        Awaitility.await().until(() -> underWay.stream().allMatch(CompletableFuture::isDone));
    }
}
