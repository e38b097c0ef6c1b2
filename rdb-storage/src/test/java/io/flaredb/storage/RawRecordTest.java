package io.flaredb.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.SizeLimits;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class RawRecordTest extends EngineTest {
    private static final Bytes KEY = Bytes.utf8("k");
    private static final Bytes VALUE = Bytes.utf8("v");

    @Test
    void getsWhatWasPut() {
        assertThat(put("k", "v")).isEqualTo(new Outcome.Written());
        assertThat(engine.get(KEY)).isEqualTo(VALUE);
    }

    @Test
    void answersNullForAnAbsentKey() {
        assertThat(engine.get(KEY)).isNull();
        assertThat(engine.getVersioned(KEY)).isNull();
    }

    @Test
    void letsTheLastWriterWin() {
        put("k", "first");
        put("k", "second");
        assertThat(engine.get(KEY)).isEqualTo(Bytes.utf8("second"));
    }

    @Test
    void deletes() {
        put("k", "v");
        assertThat(apply(new Command.RawDelete(KEY))).isEqualTo(new Outcome.Written());
        assertThat(engine.get(KEY)).isNull();
        assertThat(apply(new Command.RawDelete(KEY))).isEqualTo(new Outcome.Written());
    }

    @Test
    void keepsAnEmptyValueApartFromNoValue() {
        put("k", "");
        reopen();
        assertThat(engine.get(KEY)).isEqualTo(Bytes.EMPTY);
    }

    @Test
    void keepsTheLaterOfTwoEntriesWithOneKey() {
        apply(
                new Command.RawPutAll(
                        List.of(
                                new KeyValue(KEY, Bytes.utf8("first")),
                                new KeyValue(Bytes.utf8("other"), VALUE),
                                new KeyValue(KEY, Bytes.utf8("second")))));
        assertThat(engine.get(KEY)).isEqualTo(Bytes.utf8("second"));
        assertThat(engine.get(Bytes.utf8("other"))).isEqualTo(VALUE);
    }

    @Test
    void getsTheKeysThatExistInTheAskedOrder() {
        put("a", "1");
        put("c", "3");
        assertThat(engine.getAll(keys("c", "b", "a"), 100))
                .isEqualTo(new BatchPage(List.of(entry("c", "3"), entry("a", "1")), 3));
        assertThat(engine.getAll(List.of(), 100)).isEqualTo(new BatchPage(List.of(), 0));
    }

    @Test
    void stopsABatchGetBeforeTheRecordThatExceedsTheBytes() {
        put("a", "123");
        put("c", "456");
        assertThat(engine.getAll(keys("a", "b", "c"), 8).keysDone()).isEqualTo(3);
        assertThat(engine.getAll(keys("a", "b", "c"), 7))
                .isEqualTo(new BatchPage(List.of(entry("a", "123")), 2));
        assertThat(engine.getAll(keys("b", "a", "c"), 0))
                .isEqualTo(new BatchPage(List.of(entry("a", "123")), 2));
    }

    @Test
    void holdsKeysAndValuesOfTheLargestSize() {
        Bytes key = Bytes.wrap(new byte[SizeLimits.MAX_KEY_BYTES]);
        Bytes value = Bytes.wrap(new byte[SizeLimits.MAX_VALUE_BYTES]);
        apply(new Command.RawPut(key, value));
        apply(new Command.CompareAndSwap(key, 0, value));
        reopen();
        assertThat(engine.get(key)).isEqualTo(value);
        assertThat(engine.getVersioned(key)).isEqualTo(new VersionedValue(1, value));
    }

    @Test
    void refusesAKeyOneByteTooLong() {
        Bytes key = Bytes.wrap(new byte[SizeLimits.MAX_KEY_BYTES + 1]);
        assertRefused(new Command.RawPut(key, VALUE), "key is 4097 bytes: allowed are 1 to 4096");
        assertRefused(new Command.RawDelete(key), "key is 4097 bytes: allowed are 1 to 4096");
        assertRefused(
                new Command.CompareAndSwap(key, 0, VALUE),
                "key is 4097 bytes: allowed are 1 to 4096");
        assertRefused(
                new Command.CompareAndDelete(key, 0), "key is 4097 bytes: allowed are 1 to 4096");
    }

    @Test
    void refusesAnEmptyKey() {
        assertRefused(
                new Command.RawPut(Bytes.EMPTY, VALUE),
                "key is empty: allowed are 1 to 4096 bytes");
    }

    @Test
    void refusesAValueOneByteTooLong() {
        Bytes value = Bytes.wrap(new byte[SizeLimits.MAX_VALUE_BYTES + 1]);
        String problem = "value is 4194305 bytes: allowed are at most 4194304";
        assertRefused(new Command.RawPut(KEY, value), problem);
        assertRefused(new Command.CompareAndSwap(KEY, 0, value), problem);
    }

    @Test
    void putsNoneOfTheEntriesIfOneIsRefused() {
        assertRefused(
                new Command.RawPutAll(
                        List.of(new KeyValue(KEY, VALUE), new KeyValue(Bytes.EMPTY, VALUE))),
                "key is empty: allowed are 1 to 4096 bytes");
        assertThat(engine.get(KEY)).isNull();
    }

    private static List<Bytes> keys(String... keys) {
        return Stream.of(keys).map(Bytes::utf8).toList();
    }

    private static KeyValue entry(String key, String value) {
        return new KeyValue(Bytes.utf8(key), Bytes.utf8(value));
    }

    private void assertRefused(Command command, String problem) {
        assertThatThrownBy(() -> apply(command))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(problem);
        assertThat(engine.appliedIndex(REGION)).isZero();
    }
}
