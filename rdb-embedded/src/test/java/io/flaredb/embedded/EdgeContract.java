package io.flaredb.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import io.flaredb.client.CasBatchResult;
import io.flaredb.client.CasOperation;
import io.flaredb.client.CasResult;
import io.flaredb.client.InvalidRequestException;
import io.flaredb.client.KeyValue;
import io.flaredb.client.VersionedEntry;
import io.flaredb.client.VersionedValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every FlareDB does with what it is not meant for: the same words, however it is reached. */
abstract class EdgeContract extends FlareDbContract {
    static final Bytes KEY = Bytes.utf8("k");
    static final Bytes OTHER = Bytes.utf8("l");
    static final Bytes VALUE = Bytes.utf8("v");
    private static final Bytes LONGEST_KEY = filled(4 * 1024);
    private static final Bytes LONGEST_VALUE = filled(4 * 1024 * 1024);
    private static final long HIGH = Long.MIN_VALUE; // of unsigned numbers a large one

    private static Bytes filled(int sizeBytes) {
        byte[] bytes = new byte[sizeBytes];
        Arrays.fill(bytes, (byte) 0xff);
        return Bytes.wrap(bytes);
    }

    /** One operation, both ways. */
    record Call(String name, Runnable blocking, @Nullable Supplier<CompletableFuture<?>> async) {
        Call(String name, Runnable blocking) {
            this(name, blocking, null);
        }
    }

    List<Call> onKey(Bytes key) {
        var raw = db().raw();
        var cas = db().cas();
        Map<Bytes, Bytes> entry = Collections.singletonMap(key, VALUE);
        List<Bytes> one = Collections.singletonList(key);
        return List.of(
                new Call("put", () -> raw.put(key, VALUE), () -> raw.async().put(key, VALUE)),
                new Call("get", () -> raw.get(key), () -> raw.async().get(key)),
                new Call("delete", () -> raw.delete(key), () -> raw.async().delete(key)),
                new Call("batchGet", () -> raw.batchGet(one), () -> raw.async().batchGet(one)),
                new Call("batchPut", () -> raw.batchPut(entry), () -> raw.async().batchPut(entry)),
                new Call(
                        "stale get",
                        () -> raw.stale().get(key),
                        () -> raw.stale().async().get(key)),
                new Call("cas get", () -> cas.get(key), () -> cas.async().get(key)),
                new Call(
                        "cas put",
                        () -> cas.put(key, 0, VALUE),
                        () -> cas.async().put(key, 0, VALUE)),
                new Call("cas delete", () -> cas.delete(key, 0), () -> cas.async().delete(key, 0)),
                new Call(
                        "update",
                        () -> cas.update(key, old -> VALUE),
                        () -> cas.async().update(key, old -> VALUE)),
                batch(CasOperation.swap(key, 0, VALUE)),
                batch(CasOperation.delete(key, 0)),
                batch(CasOperation.check(key, 0)));
    }

    Call batch(CasOperation... operations) {
        return new Call(
                "batch",
                () -> db().cas().batch(List.of(operations)),
                () -> db().cas().async().batch(List.of(operations)));
    }

    List<Call> onValue(Bytes value) {
        var raw = db().raw();
        var cas = db().cas();
        Map<Bytes, Bytes> entry = Collections.singletonMap(KEY, value);
        return List.of(
                new Call("put", () -> raw.put(KEY, value), () -> raw.async().put(KEY, value)),
                new Call("batchPut", () -> raw.batchPut(entry), () -> raw.async().batchPut(entry)),
                new Call(
                        "cas put",
                        () -> cas.put(KEY, 0, value),
                        () -> cas.async().put(KEY, 0, value)),
                new Call(
                        "update",
                        () -> cas.update(KEY, old -> value),
                        () -> cas.async().update(KEY, old -> value)),
                batch(CasOperation.swap(KEY, 0, value)));
    }

    List<Call> scans(KeyRange range, int limit) {
        return List.of(
                new Call(
                        "scan",
                        () -> db().raw().scan(range, limit),
                        () -> db().raw().async().scan(range, limit)),
                new Call(
                        "cas scan",
                        () -> db().cas().scan(range, limit),
                        () -> db().cas().async().scan(range, limit)));
    }

    List<Call> lazyScans(KeyRange range) {
        return List.of(
                new Call("iterator", () -> readAll(db().raw().scan(range))),
                new Call("cas iterator", () -> readAll(db().cas().scan(range))));
    }

    static void readAll(Iterable<?> entries) {
        entries.forEach(entry -> {});
    }

    List<Call> questions() {
        var tso = db().tso();
        var cluster = db().cluster();
        return List.of(
                new Call("next", tso::next, () -> tso.async().next()),
                new Call("next(2)", () -> tso.next(2), () -> tso.async().next(2)),
                new Call("clusterId", cluster::clusterId, () -> cluster.async().clusterId()),
                new Call("stores", cluster::stores, () -> cluster.async().stores()),
                new Call("regions", cluster::regions, () -> cluster.async().regions()));
    }

    /** That a call fails, and how, both ways; and that its asynchronous form throws nothing. */
    static void fails(List<Call> calls, Class<? extends Throwable> kind, @Nullable String message) {
        for (Call call : calls) {
            Throwable thrown = catchThrowable(call.blocking()::run);
            assertThat(thrown).as(call.name()).isInstanceOf(kind);
            if (message != null) {
                assertThat(thrown).as(call.name()).hasMessage(message);
            }
            Supplier<CompletableFuture<?>> async = call.async();
            if (async != null) {
                Throwable failed = failureOf(async.get());
                assertThat(failed).as("async " + call.name()).isInstanceOf(kind);
                if (kind != NullPointerException.class) { // the JVM's own may lack it
                    assertThat(failed).as("async " + call.name()).hasMessage(thrown.getMessage());
                }
            }
        }
    }

    static Throwable failureOf(CompletableFuture<?> future) {
        return catchThrowable(() -> {
            try {
                future.get();
            } catch (ExecutionException e) {
                throw e.getCause();
            }
        });
    }

    @Test
    void refusesWhatIsNoKeyWhereverOneIsGiven() {
        fails(
                onKey(Bytes.EMPTY),
                InvalidRequestException.class,
                "key is empty: allowed are 1 to 4096 bytes");
        fails(
                onKey(LONGEST_KEY.next()),
                InvalidRequestException.class,
                "key is 4097 bytes: allowed are 1 to 4096");
    }

    @Test
    void refusesAValueThatIsTooLongWhereverOneIsGiven() {
        fails(
                onValue(LONGEST_VALUE.next()),
                InvalidRequestException.class,
                "value is 4194305 bytes: allowed are at most 4194304");
        assertThat(db().raw().get(KEY)).isEmpty();
        assertThat(db().cas().get(KEY)).isEmpty();
    }

    @Test
    @SuppressWarnings("NullAway")
    void takesNoNullAndLosesNothingByIt() {
        fails(onKey(null), NullPointerException.class, null);
        fails(onValue(null), NullPointerException.class, null);
        fails(scans(null, 1), NullPointerException.class, null);
        fails(
                List.of(
                        new Call(
                                "batchGet",
                                () -> db().raw().batchGet(null),
                                () -> db().raw().async().batchGet(null)),
                        new Call(
                                "batchPut",
                                () -> db().raw().batchPut(null),
                                () -> db().raw().async().batchPut(null)),
                        new Call(
                                "batch",
                                () -> db().cas().batch(null),
                                () -> db().cas().async().batch(null)),
                        new Call(
                                "batch of null",
                                () -> db().cas().batch(Collections.singletonList(null)),
                                () -> db().cas().async().batch(Collections.singletonList(null))),
                        new Call(
                                "update",
                                () -> db().cas().update(KEY, null),
                                () -> db().cas().async().update(KEY, null))),
                NullPointerException.class,
                null);
        assertThat(db().cas().get(KEY)).isEmpty();
    }

    @Test
    void takesAnyNumberOfEntriesForALimitButANegativeOne() {
        db().raw().put(KEY, VALUE);
        db().cas().put(KEY, 0, VALUE);

        fails(
                scans(KeyRange.ALL, -1),
                InvalidRequestException.class,
                "limit is -1: allowed are 0 and more");
        assertThat(db().raw().scan(KeyRange.ALL, 0)).isEmpty();
        assertThat(db().cas().scan(KeyRange.ALL, 0)).isEmpty();
        assertThat(db().raw().scan(KeyRange.ALL, Integer.MAX_VALUE)).hasSize(1);
        assertThat(db().cas().scan(KeyRange.ALL, Integer.MAX_VALUE)).hasSize(1);
    }

    @Test
    void scansFromTheStartToBeforeTheEnd() {
        List<Bytes> keys = List.of(KEY, OTHER, LONGEST_KEY);
        keys.forEach(key -> db().raw().put(key, VALUE));
        keys.forEach(key -> db().cas().put(key, 0, VALUE));

        finds(new KeyRange(KEY, OTHER), KEY);
        finds(new KeyRange(KEY.next(), OTHER.next()), OTHER);
        finds(new KeyRange(KEY, Bytes.EMPTY), KEY, OTHER, LONGEST_KEY);
        finds(new KeyRange(Bytes.EMPTY, LONGEST_KEY), KEY, OTHER);
        finds(new KeyRange(OTHER.next(), LONGEST_KEY.next()), LONGEST_KEY);
        finds(new KeyRange(LONGEST_KEY.next(), Bytes.EMPTY));
        finds(new KeyRange(KEY, KEY));
        finds(new KeyRange(OTHER, KEY));
    }

    private void finds(KeyRange range, Bytes... keys) {
        assertThat(db().raw().scan(range, 10)).extracting(KeyValue::key).containsExactly(keys);
        assertThat(db().raw().scan(range)).extracting(KeyValue::key).containsExactly(keys);
        assertThat(db().raw().async().scan(range, 10).join()).hasSize(keys.length);
        assertThat(db().cas().scan(range, 10))
                .extracting(VersionedEntry::key)
                .containsExactly(keys);
        assertThat(db().cas().scan(range)).extracting(VersionedEntry::key).containsExactly(keys);
        assertThat(db().cas().async().scan(range, 10).join()).hasSize(keys.length);
    }

    @Test
    void refusesBoundsThatAreNextToNoKey() {
        Bytes tooLong = LONGEST_KEY.next().next();
        KeyRange from = new KeyRange(tooLong, Bytes.EMPTY);
        KeyRange to = new KeyRange(Bytes.EMPTY, tooLong);
        String start = "start key is 4098 bytes: allowed are at most 4097";
        String end = "end key is 4098 bytes: allowed are at most 4097";
        fails(scans(from, 1), InvalidRequestException.class, start);
        fails(lazyScans(from), InvalidRequestException.class, start);
        fails(scans(to, 1), InvalidRequestException.class, end);
        fails(lazyScans(to), InvalidRequestException.class, end);
    }

    @Test
    void readsAnewWithEachIterationAndEndsWithAnException() {
        Iterable<KeyValue> entries = db().raw().scan(KeyRange.ALL);
        assertThat(entries).isEmpty();
        db().raw().put(KEY, VALUE);
        assertThat(entries).containsExactly(new KeyValue(KEY, VALUE));
        db().raw().put(KEY, OTHER);
        Iterator<KeyValue> iterator = entries.iterator();
        assertThat(iterator.next()).isEqualTo(new KeyValue(KEY, OTHER));
        assertThat(iterator.hasNext()).isFalse();
        assertThatThrownBy(iterator::next).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void handsOutWhatNobodyCanChange() {
        db().raw().put(KEY, VALUE);
        assertThat(db().raw().scan(KeyRange.ALL, 1)).isUnmodifiable();
        assertThat(
                        ((CasBatchResult.Swapped)
                                        db().cas().batch(List.of(CasOperation.check(KEY, 0))))
                                .versions())
                .isUnmodifiable();
    }

    @Test
    void takesTheLargestBatchesAndNotAByteMore() {
        Map<Bytes, Bytes> largest = new LinkedHashMap<>();
        for (int i = 0; i < 4; i++) { // 16 MiB with the keys
            largest.put(Bytes.utf8("k" + i), Bytes.wrap(new byte[4 * 1024 * 1024 - 2]));
        }
        db().raw().batchPut(largest);
        assertThat(db().raw().batchGet(largest.keySet())).isEqualTo(largest);
        largest.put(KEY, Bytes.EMPTY);
        String tooLarge = "batch has 16777217 bytes: allowed are at most 16777216";
        fails(
                List.of(
                        new Call(
                                "batchPut",
                                () -> db().raw().batchPut(largest),
                                () -> db().raw().async().batchPut(largest))),
                InvalidRequestException.class,
                tooLarge);

        List<CasOperation> swaps = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            Bytes key = Bytes.utf8("%04d".formatted(i));
            swaps.add(CasOperation.swap(key, 0, Bytes.wrap(new byte[16 * 1024 - 4])));
        }
        assertThat(db().cas().batch(swaps)).isInstanceOf(CasBatchResult.Swapped.class);
        assertThat(db().cas().batch(swaps)).isInstanceOf(CasBatchResult.Conflict.class);
        assertThat(db().cas().scan(KeyRange.ALL, 2_000)).hasSize(1_000);

        List<CasOperation> more = new ArrayList<>();
        largest.forEach((key, value) -> more.add(CasOperation.swap(key, 0, value)));
        fails(
                List.of(batch(more.toArray(CasOperation[]::new))),
                InvalidRequestException.class,
                tooLarge);
    }

    @Test
    void asksForTheMostKeysAndNotForOneMore() {
        List<Bytes> keys =
                IntStream.rangeClosed(0, 10_000)
                        .mapToObj(i -> Bytes.utf8(("%05d" + "x".repeat(1_600)).formatted(i)))
                        .toList();
        List<Bytes> most = new ArrayList<>(keys.subList(0, 10_000));
        db().raw().put(most.getLast(), VALUE);
        assertThat(db().raw().batchGet(most)).containsExactly(Map.entry(most.getLast(), VALUE));
        most.addAll(keys.subList(0, 5_000)); // each counts once
        assertThat(db().raw().batchGet(most)).hasSize(1);

        String tooMany = "batch has 10001 entries: allowed are at most 10000";
        Map<Bytes, Bytes> entries = new LinkedHashMap<>();
        keys.forEach(key -> entries.put(key, Bytes.EMPTY));
        fails(
                List.of(
                        new Call(
                                "batchGet",
                                () -> db().raw().batchGet(keys),
                                () -> db().raw().async().batchGet(keys)),
                        new Call(
                                "batchPut",
                                () -> db().raw().batchPut(entries),
                                () -> db().raw().async().batchPut(entries))),
                InvalidRequestException.class,
                tooMany);
    }

    @Test
    void doesNothingForNothingAndRefusesAnEmptyBatchOfSwaps() {
        db().raw().batchPut(Map.of());
        assertThat(db().raw().batchGet(List.of())).isEmpty();
        assertThat(db().raw().scan(KeyRange.ALL, 1)).isEmpty();
        fails(
                List.of(batch()),
                InvalidRequestException.class,
                "batch is empty: allowed are 1 to 1000 operations");
    }

    @Test
    void refusesABatchWithAKeyTwice() {
        fails(
                List.of(batch(CasOperation.check(KEY, 0), CasOperation.swap(KEY, 0, VALUE))),
                InvalidRequestException.class,
                "batch has key \"k\" twice: allowed is one operation for each key");
        assertThat(db().cas().get(KEY)).isEmpty();
    }

    @Test
    void countsVersionsAsUnsignedNumbers() {
        restart(store -> StoredVersions.put(store, KEY, Long.MAX_VALUE, VALUE));

        assertThat(db().cas().put(KEY, HIGH, OTHER))
                .isEqualTo(new CasResult.Conflict(Long.MAX_VALUE, Optional.of(VALUE)));
        assertThat(db().cas().put(KEY, Long.MAX_VALUE, OTHER))
                .isEqualTo(new CasResult.Swapped(HIGH));
        assertThat(db().cas().get(KEY)).contains(new VersionedValue(HIGH, OTHER));
        assertThat(db().cas().scan(KeyRange.ALL, 1))
                .containsExactly(new VersionedEntry(KEY, HIGH, OTHER));
        assertThat(db().cas().put(KEY, 1, VALUE))
                .isEqualTo(new CasResult.Conflict(HIGH, Optional.of(OTHER)));
        assertThat(db().cas().batch(List.of(CasOperation.check(KEY, 0))))
                .isEqualTo(new CasBatchResult.Conflict(Map.of(KEY, HIGH)));
        assertThat(db().cas().batch(List.of(CasOperation.swap(KEY, HIGH, VALUE))))
                .isEqualTo(new CasBatchResult.Swapped(Map.of(KEY, HIGH + 1)));
        assertThat(db().cas().update(KEY, value -> OTHER))
                .isEqualTo(new VersionedValue(HIGH + 2, OTHER));
        assertThat(db().cas().delete(KEY, HIGH + 2)).isEqualTo(new CasResult.Swapped(0));
        assertThat(db().cas().put(OTHER, 0, VALUE)).isEqualTo(new CasResult.Swapped(HIGH + 3));
        restart(store -> {});
        assertThat(db().cas().put(KEY, 0, VALUE)).isEqualTo(new CasResult.Swapped(HIGH + 3));
    }

    @Test
    void refusesAVersionAboveTheLargest() {
        restart(store -> StoredVersions.put(store, KEY, -1, VALUE));
        String none = "key \"k\" has no version left above 18446744073709551615";

        fails(
                List.of(
                        new Call(
                                "put",
                                () -> db().cas().put(KEY, -1, OTHER),
                                () -> db().cas().async().put(KEY, -1, OTHER)),
                        batch(
                                CasOperation.swap(OTHER, 0, VALUE),
                                CasOperation.swap(KEY, -1, OTHER)),
                        new Call(
                                "update",
                                () -> db().cas().update(KEY, value -> OTHER),
                                () -> db().cas().async().update(KEY, value -> OTHER))),
                InvalidRequestException.class,
                none);
        assertThat(db().cas().get(KEY)).contains(new VersionedValue(-1, VALUE));
        assertThat(db().cas().get(OTHER)).isEmpty();
        assertThat(db().cas().delete(KEY, -1)).isEqualTo(new CasResult.Swapped(0));
        fails(
                List.of(
                        new Call(
                                "put",
                                () -> db().cas().put(KEY, 0, OTHER),
                                () -> db().cas().async().put(KEY, 0, OTHER))),
                InvalidRequestException.class,
                none);
        restart(store -> {});
        assertThat(db().cas().get(KEY)).isEmpty();
    }
}
