package io.flaredb.it.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class VisitedTest {
    private final Visited<String> visited = new Visited<>();

    @Test
    void knowsAPointAgain() {
        assertThat(visited.add(set(0, 1, 3), 2, set(), "a")).isTrue();

        assertThat(visited.add(set(0, 1, 3), 2, set(), "a")).isFalse();
        assertThat(visited.add(set(0, 1, 3), 2, set(), "b")).isTrue();
        assertThat(visited.add(set(0, 1, 4), 2, set(), "a")).isTrue();
        assertThat(visited.add(set(0, 1), 2, set(), "a")).isTrue();
    }

    @Test
    void takesAPointWithMoreUnknownOperationsForVisited() {
        assertThat(visited.add(set(0), 1, set(70), "a")).isTrue();

        assertThat(visited.add(set(0), 1, set(70), "a")).isFalse();
        assertThat(visited.add(set(0), 1, set(3, 70), "a")).isFalse();
        assertThat(visited.add(set(0), 1, set(71), "a")).isTrue();
        assertThat(visited.add(set(0), 1, set(3), "a")).isTrue();
        assertThat(visited.add(set(0), 1, set(), "a")).isTrue();
        assertThat(visited.add(set(0), 1, set(5), "a")).isFalse();
    }

    private static BitSet set(int... members) {
        BitSet set = new BitSet();
        IntStream.of(members).forEach(set::set);
        return set;
    }
}
