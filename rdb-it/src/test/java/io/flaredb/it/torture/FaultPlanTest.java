package io.flaredb.it.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FaultPlanTest {
    private static final Set<FaultClass> ALL = EnumSet.allOf(FaultClass.class);

    @Test
    void isTheSameForTheSameSeed() {
        assertThat(rounds(1, 100)).isEqualTo(rounds(1, 100)).isNotEqualTo(rounds(2, 100));
    }

    @Test
    void hasEachClassBeforeAnyComesOften() {
        Set<FaultClass> drawn =
                rounds(3, 2 * ALL.size()).stream()
                        .flatMap(round -> round.faults().stream())
                        .collect(Collectors.toSet());

        assertThat(drawn).isEqualTo(ALL);
    }

    @Test
    void neverTakesTheDataOfTwoServersAtOnce() {
        assertThat(rounds(4, 2_000))
                .allSatisfy(round ->
                        assertThat(round.faults().stream().filter(FaultClass::mayLoseData))
                                .hasSizeLessThan(2));
    }

    private static List<FaultPlan.Round> rounds(long seed, int count) {
        FaultPlan plan = new FaultPlan(seed, ALL);
        return Stream.generate(plan::next).limit(count).toList();
    }
}
