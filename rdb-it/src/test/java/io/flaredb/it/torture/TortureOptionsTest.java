package io.flaredb.it.torture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TortureOptionsTest {
    @Test
    void drawHowReadsAreAnsweredFromTheSeed() {
        assertThat(reads(1)).isEqualTo(reads(1));
        assertThat(IntStream.range(0, 20).mapToObj(TortureOptionsTest::reads))
                .contains("read-index", "lease");
    }

    @Test
    void takeTheWordOfWhoSaysHowReadsAreAnswered() {
        for (String reads : List.of("read-index", "lease")) {
            assertThat(parse("--seed", "1", "--reads", reads).reads()).isEqualTo(reads);
        }
        refuses("read-index", "--reads", "stale");
    }

    @Test
    void refuseMoreThanMemoryHolds() {
        refuses("allowed are 1 to 2", "--rate", "20000", "--minutes", "3");
        refuses("minutes", "--minutes", "200000000000000000");
        refuses("servers", "--servers", "4294967299"); // as an int it would be 3
    }

    private static String reads(long seed) {
        return parse("--seed", Long.toString(seed)).reads();
    }

    private static void refuses(String message, String... arguments) {
        assertThatThrownBy(() -> parse(arguments))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    private static TortureOptions parse(String... arguments) {
        List<String> all = new ArrayList<>(List.of("--faults", "kill"));
        all.addAll(List.of(arguments));
        return TortureOptions.parse(all);
    }
}
