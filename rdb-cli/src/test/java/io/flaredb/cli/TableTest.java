package io.flaredb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
    @Test
    void alignsColumnsAndLeavesNoBlanksAtTheEnd() {
        Table table = new Table("STORE", "STATE");
        table.add(List.of("1", "up"));
        table.add(List.of("1234567", "disconnected"));
        assertThat(table.lines())
                .containsExactly("STORE    STATE", "1        up", "1234567  disconnected");
    }

    @Test
    void writesSizesAsPeopleReadThem() {
        assertThat(Table.size(0)).isEqualTo("0 B");
        assertThat(Table.size(1023)).isEqualTo("1023 B");
        assertThat(Table.size(1024)).isEqualTo("1.0 KiB");
        assertThat(Table.size(1536L * 1024 * 1024)).isEqualTo("1.5 GiB");
        assertThat(Table.size(Long.MAX_VALUE)).isEqualTo("8.0 EiB");
    }
}
