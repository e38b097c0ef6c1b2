package io.flaredb.it.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FlareProcessTest {
    /** As a server does whose disk fails: its end and a pause may come at the same time. */
    @Test
    void canBePausedAndResumedAfterItHasEnded() {
        try (FlareProcess process = FlareProcess.start(List.of("sh", "-c", "exit 3"), Map.of())) {
            await().atMost(FlareProcess.DEADLINE).until(() -> !process.isAlive());

            process.pause();
            process.resume();

            assertThat(process.awaitExit().exitCode()).isEqualTo(3);
        }
    }
}
