package io.flaredb.bench.ycsb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flaredb.bytes.Bytes;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import site.ycsb.ByteIterator;
import site.ycsb.StringByteIterator;

class RowTest {
    @Test
    void keepsFieldsInTheirOrder() {
        Row row = new Row();
        row.set(fields("b", "two", "a", "", "c", "three"));

        Map<String, ByteIterator> read = new Row(row.encode()).select(null);

        assertThat(read.keySet()).containsExactlyInAnyOrder("b", "a", "c");
        assertThat(read.get("b")).hasToString("two");
        assertThat(read.get("a")).hasToString("");
        assertThat(new Row(row.encode()).encode()).isEqualTo(row.encode());
    }

    @Test
    void changesSomeFieldsAndLeavesTheOthers() {
        Row row = new Row();
        row.set(fields("a", "1", "b", "2"));
        Row changes = new Row();
        changes.set(fields("b", "3"));

        Map<String, ByteIterator> read = row.with(changes).select(null);

        assertThat(read.get("a")).hasToString("1");
        assertThat(read.get("b")).hasToString("3");
    }

    @Test
    void selectsTheFieldsThatAreWanted() {
        Row row = new Row();
        row.set(fields("a", "1", "b", "2"));

        assertThat(row.select(Set.of("b", "z"))).containsOnlyKeys("b");
    }

    @Test
    void refusesWhatIsNoRow() {
        assertThatThrownBy(() -> new Row(Bytes.utf8("hello")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not a row");
    }

    private static Map<String, ByteIterator> fields(String... namesAndValues) {
        Map<String, ByteIterator> fields = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.put(namesAndValues[i], new StringByteIterator(namesAndValues[i + 1]));
        }
        return fields;
    }
}
