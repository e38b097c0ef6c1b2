package io.flaredb.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import io.flaredb.client.CasBatchResult;
import io.flaredb.client.CasOperation;
import io.flaredb.client.CasResult;
import io.flaredb.client.KeyValue;
import io.flaredb.client.OutcomeUnknownException;
import io.flaredb.client.RefusedException;
import io.flaredb.client.Resolution;
import io.flaredb.client.TimestampRange;
import io.flaredb.client.UnavailableException;
import io.flaredb.client.VersionedEntry;
import io.flaredb.client.VersionedValue;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** How what every FlareDB does ends: by its function, by being given up, by closing. */
abstract class EndingContract extends EdgeContract {
    @Test
    void throwsWhatTheFunctionOfAnUpdateThrows() {
        db().cas().put(KEY, 0, VALUE);
        RuntimeException thrown = new IllegalArgumentException("no");
        Function<Optional<Bytes>, Bytes> throwing =
                value -> {
                    throw thrown;
                };
        assertThat(catchThrowable(() -> db().cas().update(KEY, throwing))).isSameAs(thrown);
        assertThat(failureOf(db().cas().async().update(KEY, throwing))).isSameAs(thrown);

        Error error = new AssertionError("no");
        Function<Optional<Bytes>, Bytes> failing =
                value -> {
                    throw error;
                };
        assertThat(catchThrowable(() -> db().cas().update(KEY, failing))).isSameAs(error);
        assertThat(failureOf(db().cas().async().update(KEY, failing))).isSameAs(error);
        assertThat(db().cas().get(KEY)).contains(new VersionedValue(1, VALUE));
    }

    @Test
    void mayBeUsedByTheFunctionOfAnUpdate() {
        Function<Optional<Bytes>, Bytes> nested =
                value -> {
                    db().raw().put(OTHER, VALUE);
                    return db().raw().get(OTHER).orElseThrow();
                };
        assertThat(db().cas().update(KEY, nested)).isEqualTo(new VersionedValue(1, VALUE));
        assertThat(db().cas().async().update(KEY, nested).join())
                .isEqualTo(new VersionedValue(2, VALUE));
    }

    @Test
    void readsTheSameOnAnyReplicaWhereThereIsOne() {
        var raw = db().raw().stale();
        var cas = db().cas().stale();
        raw.put(KEY, VALUE);
        assertThat(cas.put(KEY, 0, VALUE)).isEqualTo(new CasResult.Swapped(1));

        assertThat(raw.stale()).isSameAs(raw);
        assertThat(cas.stale()).isSameAs(cas);
        assertThat(raw.get(KEY)).contains(VALUE);
        assertThat(raw.async().batchGet(List.of(KEY)).join()).containsEntry(KEY, VALUE);
        assertThat(raw.scan(KeyRange.ALL, 1)).containsExactly(new KeyValue(KEY, VALUE));
        assertThat(cas.get(KEY)).contains(new VersionedValue(1, VALUE));
        assertThat(cas.scan(KeyRange.ALL)).containsExactly(new VersionedEntry(KEY, 1, VALUE));
        assertThat(cas.update(KEY, value -> OTHER)).isEqualTo(new VersionedValue(2, OTHER));
    }

    @Test
    void givesTimestampsInARow() {
        long first = db().tso().next();
        TimestampRange range = db().tso().async().next(3).join();
        assertThat(Long.compareUnsigned(range.first(), first)).isPositive();
        assertThat(range.last()).isEqualTo(range.first() + 2);
        assertThat(Long.compareUnsigned(db().tso().async().next().join(), range.last()))
                .isPositive();
    }

    @Test
    void goesOnWithWhatIsCancelled() {
        CompletableFuture<Void> put = db().raw().async().put(KEY, VALUE);
        CompletableFuture<CasResult> swap = db().cas().async().put(KEY, 0, VALUE);
        CompletableFuture<VersionedValue> update = db().cas().async().update(OTHER, old -> VALUE);
        List<CompletableFuture<?>> all =
                List.of(
                        put,
                        swap,
                        update,
                        db().raw().async().get(KEY),
                        db().cas().async().scan(KeyRange.ALL, 1),
                        db().tso().async().next(),
                        db().cluster().async().regions());
        for (CompletableFuture<?> each : all) {
            if (each.cancel(true)) {
                assertThatThrownBy(each::join).isInstanceOf(CancellationException.class);
            }
        }
        Awaitility.await()
                .until(() ->
                        db().raw().get(KEY).isPresent()
                                && db().cas().get(KEY).isPresent()
                                && db().cas().get(OTHER).isPresent());
    }

    @Test
    void endsReadsOfAnInterruptedThread() {
        db().raw().put(KEY, VALUE);
        db().cas().put(KEY, 0, VALUE);
        List<Call> reads = new ArrayList<>(questions());
        reads.addAll(scans(KeyRange.ALL, 10));
        reads.addAll(lazyScans(KeyRange.ALL));
        reads.add(new Call("get", () -> db().raw().get(KEY)));
        reads.add(new Call("stale get", () -> db().raw().stale().get(KEY)));
        reads.add(new Call("cas get", () -> db().cas().get(KEY)));
        reads.add(new Call("batchGet", () -> db().raw().batchGet(List.of(KEY))));
        for (Call read : reads) {
            Thread.currentThread().interrupt();
            Throwable thrown = catchThrowable(read.blocking()::run);
            assertThat(Thread.interrupted()).as(read.name()).isTrue();
            assertThat(thrown)
                    .as(read.name())
                    .isInstanceOf(UnavailableException.class)
                    .hasMessage("interrupted while waiting for the answer");
        }
    }

    @Test
    void carriesOutWritesOfAnInterruptedThread() {
        var swapped = new Resolution.Swap(new CasResult.Swapped(1));
        var batch = new CasBatchResult.Swapped(Map.of(OTHER, 1L));
        settles(() -> db().raw().put(KEY, VALUE), new Resolution.Written());
        settles(() -> db().raw().batchPut(Map.of(OTHER, VALUE)), new Resolution.Written());
        settles(() -> db().cas().put(KEY, 0, VALUE), swapped);
        settles(
                () -> db().cas().batch(List.of(CasOperation.swap(OTHER, 0, VALUE))),
                new Resolution.Batch(batch));
        assertThat(db().raw().batchGet(List.of(KEY, OTHER))).hasSize(2);
        assertThat(db().cas().get(KEY)).contains(new VersionedValue(1, VALUE));
        settles(() -> db().raw().delete(KEY), new Resolution.Written());
        settles(() -> db().cas().delete(KEY, 1), new Resolution.Swap(new CasResult.Swapped(0)));
        assertThat(db().raw().get(KEY)).isEmpty();
        assertThat(db().cas().get(KEY)).isEmpty();
    }

    /** An interrupted write may be done before anyone looks: then its method returns. */
    private static void settles(Runnable write, Resolution expected) {
        Thread.currentThread().interrupt();
        Throwable thrown = catchThrowable(write::run);
        assertThat(Thread.interrupted()).isTrue();
        if (thrown != null) {
            assertThat(thrown)
                    .isInstanceOfSatisfying(
                            OutcomeUnknownException.class,
                            unknown -> assertThat(unknown.resolve()).isEqualTo(expected));
        }
    }

    @Test
    void heedsNoInterruptWithoutBlocking() {
        Thread.currentThread().interrupt();
        CompletableFuture<Void> put = db().raw().async().put(KEY, VALUE);
        CompletableFuture<Long> next = db().tso().async().next();
        CompletableFuture<Optional<Bytes>> get =
                put.thenCompose(done -> db().raw().async().get(KEY));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(get.join()).contains(VALUE);
        assertThat(next.join()).isNotZero();
    }

    @Test
    void closesOnAnInterruptedThreadWithoutLosingAnything() {
        db().raw().put(KEY, VALUE);
        CompletableFuture<CasResult> swap = db().cas().async().put(KEY, 0, VALUE);
        long before = db().tso().next();
        Thread.currentThread().interrupt();
        db().close();
        assertThat(Thread.interrupted()).isTrue();
        Awaitility.await().until(swap::isDone);
        reopen();

        assertThat(db().raw().get(KEY)).contains(VALUE);
        if (!swap.isCompletedExceptionally()) {
            assertThat(db().cas().get(KEY)).contains(new VersionedValue(1, VALUE));
        }
        assertThat(Long.compareUnsigned(db().tso().next(), before)).isPositive();
    }

    @Test
    void refusesEverythingOnceClosed() throws Exception {
        db().raw().put(KEY, VALUE);
        CountDownLatch closed = new CountDownLatch(1);
        CompletableFuture<VersionedValue> update =
                db().cas()
                        .async()
                        .update(
                                KEY,
                                value -> {
                                    try {
                                        closed.await();
                                    } catch (InterruptedException e) {
                                        throw new IllegalStateException(e);
                                    }
                                    return VALUE;
                                });
        Map<Bytes, Bytes> entries = new LinkedHashMap<>();
        IntStream.range(0, 1_001).forEach(i -> entries.put(Bytes.utf8("%04d".formatted(i)), VALUE));
        db().raw().batchPut(entries);
        Iterator<KeyValue> begun = db().raw().scan(KeyRange.ALL).iterator();
        db().close();
        closed.countDown();

        List<Call> all = new ArrayList<>(onKey(KEY));
        all.addAll(onKey(Bytes.EMPTY));
        all.addAll(scans(KeyRange.ALL, 1));
        all.addAll(scans(KeyRange.ALL, 0));
        all.addAll(lazyScans(KeyRange.ALL));
        all.addAll(questions());
        all.add(new Call("rest of an iteration", () -> begun.forEachRemaining(e -> {})));
        fails(all, RefusedException.class, "this client is closed");
        Awaitility.await().until(update::isDone);
        assertThat(failureOf(update)).isInstanceOf(UnavailableException.class);
    }
}
