package io.flaredb.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

final class ScanTest extends EngineTest {
    private static final long NO_BYTE_LIMIT = Long.MAX_VALUE;

    @Test
    void readsInOrderOfUnsignedBytes() {
        for (int first : new int[] {0x80, 0x7f, 0xff, 0x00}) {
            apply(new Command.RawPut(Bytes.of(new byte[] {(byte) first}), Bytes.EMPTY));
        }
        apply(new Command.RawPut(Bytes.of(new byte[] {0x7f, 0x00}), Bytes.EMPTY));
        assertThat(engine.scan(KeyRange.ALL, 10, NO_BYTE_LIMIT).entries())
                .extracting(KeyValue::key)
                .containsExactly(
                        Bytes.of(new byte[] {0x00}),
                        Bytes.of(new byte[] {0x7f}),
                        Bytes.of(new byte[] {0x7f, 0x00}),
                        Bytes.of(new byte[] {(byte) 0x80}),
                        Bytes.of(new byte[] {(byte) 0xff}));
    }

    @Test
    void readsTheStartButNotTheEndOfARange() {
        putAll("a", "b", "c", "d");
        assertThat(keys(range("b", "d"))).containsExactly("b", "c");
        assertThat(keys(range("", "c"))).containsExactly("a", "b");
        assertThat(keys(range("c", ""))).containsExactly("c", "d");
        assertThat(keys(range("bb", "zz"))).containsExactly("c", "d");
    }

    @Test
    void findsNothingInAnEmptyRange() {
        putAll("a", "b");
        assertThat(keys(range("b", "b"))).isEmpty();
        assertThat(keys(range("c", "a"))).isEmpty();
        assertThat(keys(range("x", "y"))).isEmpty();
    }

    @Test
    void stopsAtTheLimitAndSaysWhereToGoOn() {
        putAll("a", "b", "c");
        ScanPage<KeyValue> page = engine.scan(KeyRange.ALL, 2, NO_BYTE_LIMIT);
        assertThat(page.entries()).extracting(e -> e.key().utf8()).containsExactly("a", "b");
        assertThat(page.resumeKey()).isEqualTo(Bytes.utf8("c"));
        assertThat(engine.scan(KeyRange.ALL, 3, NO_BYTE_LIMIT).resumeKey()).isNull();
        assertThat(engine.scan(range("", "c"), 2, NO_BYTE_LIMIT).resumeKey()).isNull();
    }

    @Test
    void stopsBeforeTheEntryThatExceedsTheBytes() {
        putAll("a", "b", "c"); // 1 + 3 bytes each
        assertThat(engine.scan(KeyRange.ALL, 10, 8).resumeKey()).isEqualTo(Bytes.utf8("c"));
        assertThat(engine.scan(KeyRange.ALL, 10, 7).resumeKey()).isEqualTo(Bytes.utf8("b"));
        assertThat(engine.scan(KeyRange.ALL, 10, 12).resumeKey()).isNull();
    }

    @Test
    void returnsOneEntryHoweverLargeItIs() {
        putAll("a", "b");
        ScanPage<KeyValue> page = engine.scan(KeyRange.ALL, 10, 0);
        assertThat(page.entries()).hasSize(1);
        assertThat(page.resumeKey()).isEqualTo(Bytes.utf8("b"));
    }

    @Test
    void refusesALimitBelowOne() {
        assertThatThrownBy(() -> engine.scan(KeyRange.ALL, 0, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("scan limit is 0: must be at least 1");
    }

    @Test
    void readsVersionsWithTheirValues() {
        swap("a", 0, "a1");
        swap("b", 0, "b1");
        swap("b", 1, "b2");
        putAll("raw");
        ScanPage<VersionedEntry> page = engine.scanVersioned(KeyRange.ALL, 10, NO_BYTE_LIMIT);
        assertThat(page.entries())
                .containsExactly(
                        new VersionedEntry(Bytes.utf8("a"), 1, Bytes.utf8("a1")),
                        new VersionedEntry(Bytes.utf8("b"), 2, Bytes.utf8("b2")));
        assertThat(engine.scanVersioned(KeyRange.ALL, 1, NO_BYTE_LIMIT).resumeKey())
                .isEqualTo(Bytes.utf8("b"));
        assertThat(keys(KeyRange.ALL)).containsExactly("raw");
    }

    @Test
    void readsEachPageFromOneSnapshot() {
        AtomicBoolean done = new AtomicBoolean();
        put("a", "0");
        put("z", "0");
        CompletableFuture<Void> writer =
                CompletableFuture.runAsync(() -> {
                    for (int i = 1; !done.get(); i++) {
                        Bytes value = Bytes.utf8(Integer.toString(i));
                        apply(
                                new Command.RawPutAll(
                                        List.of(
                                                new KeyValue(Bytes.utf8("a"), value),
                                                new KeyValue(Bytes.utf8("z"), value))));
                    }
                });
        try {
            List<Bytes> both = List.of(Bytes.utf8("a"), Bytes.utf8("z"));
            for (int i = 0; i < 2_000; i++) {
                assertOneMoment(engine.scan(KeyRange.ALL, 10, NO_BYTE_LIMIT).entries());
                assertOneMoment(engine.getAll(both, NO_BYTE_LIMIT).entries());
            }
        } finally {
            done.set(true);
            writer.join();
        }
    }

    @Test
    void estimatesTheSizeOfARange() {
        assertThat(engine.approximateSizeBytes(KeyRange.ALL)).isZero();
        List<KeyValue> entries = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            entries.add(
                    new KeyValue(Bytes.utf8("k%04d".formatted(i)), Bytes.wrap(new byte[1_000])));
        }
        apply(new Command.RawPutAll(entries));
        long all = engine.approximateSizeBytes(KeyRange.ALL);
        assertThat(all).isBetween(500_000L, 2_000_000L);
        assertThat(engine.approximateSizeBytes(range("k0000", "k0500"))).isBetween(1L, all);
        assertThat(engine.approximateSizeBytes(range("x", ""))).isLessThan(all / 10);
        assertThat(engine.approximateSizeBytes(range("b", "a"))).isZero();
    }

    private static void assertOneMoment(List<KeyValue> entries) {
        assertThat(entries).hasSize(2);
        assertThat(entries.get(0).value()).isEqualTo(entries.get(1).value());
    }

    private void putAll(String... keys) {
        for (String key : keys) {
            put(key, "123");
        }
    }

    private List<String> keys(KeyRange range) {
        return engine.scan(range, 100, NO_BYTE_LIMIT).entries().stream()
                .map(entry -> entry.key().utf8())
                .toList();
    }

    private static KeyRange range(String start, String end) {
        return new KeyRange(Bytes.utf8(start), Bytes.utf8(end));
    }
}
