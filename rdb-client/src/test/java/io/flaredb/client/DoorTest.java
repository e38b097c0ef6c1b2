package io.flaredb.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is wrong is refused before anything is sent: there is no server here. */
class DoorTest {
    private static final Bytes KEY = Bytes.utf8("k");
    private static final Bytes VALUE = Bytes.utf8("v");
    private static final Bytes LONG_KEY = Bytes.wrap(new byte[4 * 1024 + 1]);
    private static final Bytes LONG_VALUE = Bytes.wrap(new byte[4 * 1024 * 1024 + 1]);
    private static final String KEY_EMPTY = "key is empty: allowed are 1 to 4096 bytes";
    private static final String KEY_TOO_LONG = "key is 4097 bytes: allowed are 1 to 4096";
    private static final String VALUE_TOO_LONG =
            "value is 4194305 bytes: allowed are at most 4194304";

    private final FlareDb db = FlareDb.connect("127.0.0.1:1");

    @AfterEach
    void close() {
        db.close();
    }

    private static void assertRefused(Runnable operation, String message) {
        assertThatThrownBy(operation::run)
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage(message);
    }

    @Test
    void refusesKeysOfWrongSize() {
        assertRefused(() -> db.raw().put(Bytes.EMPTY, VALUE), KEY_EMPTY);
        assertRefused(() -> db.raw().get(LONG_KEY), KEY_TOO_LONG);
        assertRefused(() -> db.raw().delete(LONG_KEY), KEY_TOO_LONG);
        assertRefused(() -> db.raw().batchGet(List.of(KEY, LONG_KEY)), KEY_TOO_LONG);
        assertRefused(() -> db.raw().batchPut(Map.of(LONG_KEY, VALUE)), KEY_TOO_LONG);
        assertRefused(() -> db.cas().put(LONG_KEY, 0, VALUE), KEY_TOO_LONG);
        assertRefused(() -> db.cas().get(Bytes.EMPTY), KEY_EMPTY);
        assertRefused(() -> db.cas().delete(LONG_KEY, 0), KEY_TOO_LONG);
        assertRefused(() -> db.cas().update(LONG_KEY, value -> VALUE), KEY_TOO_LONG);
    }

    @Test
    void refusesValuesThatAreTooLong() {
        assertRefused(() -> db.raw().put(KEY, LONG_VALUE), VALUE_TOO_LONG);
        assertRefused(() -> db.raw().batchPut(Map.of(KEY, LONG_VALUE)), VALUE_TOO_LONG);
        assertRefused(() -> db.cas().put(KEY, 0, LONG_VALUE), VALUE_TOO_LONG);
    }

    @Test
    void refusesBatchesThatAreTooLarge() {
        List<Bytes> keys =
                IntStream.rangeClosed(0, 10_000).mapToObj(i -> Bytes.utf8("k" + i)).toList();
        Map<Bytes, Bytes> large = new HashMap<>();
        for (int i = 0; i < 5; i++) {
            large.put(keys.get(i), Bytes.wrap(new byte[4 * 1024 * 1024]));
        }
        assertRefused(
                () -> db.raw().batchGet(keys),
                "batch has 10001 entries: allowed are at most 10000");
        assertRefused(
                () -> db.raw().batchPut(large),
                "batch has 20971530 bytes: allowed are at most 16777216");
    }

    @Test
    void refusesBatchesOfSwapsThatAreWrong() {
        CasOperation swap = CasOperation.swap(KEY, 0, VALUE);
        List<CasOperation> many =
                IntStream.rangeClosed(0, 1_000)
                        .mapToObj(i -> CasOperation.check(Bytes.utf8("k" + i), 0))
                        .toList();
        List<CasOperation> large =
                many.subList(0, 5).stream()
                        .map(check ->
                                CasOperation.swap(
                                        check.key(), 0, Bytes.wrap(new byte[4 * 1024 * 1024])))
                        .toList();
        assertRefused(
                () -> db.cas().batch(List.of()),
                "batch is empty: allowed are 1 to 1000 operations");
        assertRefused(
                () -> db.cas().batch(many), "batch has 1001 operations: allowed are 1 to 1000");
        assertRefused(
                () -> db.cas().batch(large),
                "batch has 20971530 bytes: allowed are at most 16777216");
        assertRefused(
                () -> db.cas().batch(List.of(swap, CasOperation.delete(KEY, 7))),
                "batch has key \"k\" twice: allowed is one operation for each key");
        assertRefused(
                () -> db.cas().batch(List.of(swap, CasOperation.check(LONG_KEY, 7))), KEY_TOO_LONG);
        assertRefused(
                () -> db.cas().batch(List.of(CasOperation.swap(KEY, 7, LONG_VALUE))),
                VALUE_TOO_LONG);
    }

    @Test
    void refusesNumbersOutOfRange() {
        assertRefused(() -> db.raw().scan(KeyRange.ALL, -1), "limit is -1: allowed are 0 and more");
        assertRefused(() -> db.cas().scan(KeyRange.ALL, -1), "limit is -1: allowed are 0 and more");
        assertRefused(
                () -> db.raw().iterate(KeyRange.ALL, -1), "limit is -1: allowed are 0 and more");
        assertRefused(() -> db.tso().next(0), "count is 0: allowed are 1 to 262144");
        assertRefused(() -> db.tso().next(262_145), "count is 262145: allowed are 1 to 262144");
    }

    @Test
    void refusesBoundsThatNoKeyReaches() {
        Bytes farTooLong = LONG_KEY.next();
        assertRefused(
                () -> db.raw().scan(new KeyRange(farTooLong, Bytes.EMPTY), 1),
                "start key is 4098 bytes: allowed are at most 4097");
        assertRefused(
                () -> db.cas().scan(new KeyRange(KEY, farTooLong)).forEach(entry -> {}),
                "end key is 4098 bytes: allowed are at most 4097");
    }

    @Test
    void throwsNothingWhereThereIsAFuture() {
        assertThat(db.raw().async().put(Bytes.EMPTY, VALUE))
                .isCompletedExceptionally()
                .failsWithin(java.time.Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void asksNobodyForNothing() {
        assertThat(db.raw().batchGet(List.of())).isEmpty();
        db.raw().batchPut(Map.of());
        assertThat(db.raw().scan(KeyRange.ALL, 0)).isEmpty();
        assertThat(db.raw().scan(new KeyRange(KEY, KEY), 5)).isEmpty();
        assertThat(db.cas().scan(new KeyRange(VALUE, KEY))).isEmpty();
        assertThat(db.cas().iterate(KeyRange.ALL, 0)).isEmpty();
    }
}
