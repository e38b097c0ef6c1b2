package io.flaredb.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.flaredb.bench.Workload;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanTest {
    @Test
    void aTurnMayTakeLongerWithMoreKeys() {
        Duration few = plan(100_000).longestTurn(3);
        Duration many = plan(1_000_000).longestTurn(3);

        assertThat(many.minus(few)).isEqualTo(Duration.ofMinutes(30));
    }

    private static Plan plan(int keys) {
        Duration second = Duration.ofSeconds(1);
        return new Plan(
                1, second, second, second, 1, List.of(Workload.PUT), List.of(64), 128, keys);
    }
}
