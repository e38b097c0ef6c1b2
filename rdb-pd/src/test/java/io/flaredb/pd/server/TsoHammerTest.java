package io.flaredb.pd.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Timestamps over real connections, from a process that is killed while it gives them out. */
class TsoHammerTest {
    private static final long ANSWERS_PER_LIFE = 5_000; // of each kind: some seconds

    @TempDir Path folder;

    @Test
    void noTimestampRepeatsOrFallsBackOverKillsAndAClockSetBack() throws Exception {
        long seed = System.nanoTime();
        PdProcess first = PdProcess.start(folder, 0, Duration.ZERO);
        try (TsoHammer hammer = new TsoHammer(first.port(), seed)) {
            try (first) {
                awaitAnswers(hammer);
            }
            try (PdProcess second = PdProcess.start(folder, first.port(), Duration.ZERO)) {
                hammer.reconnect();
                awaitAnswers(hammer);
                assertThat(second.port()).isEqualTo(first.port());
            }
            try (PdProcess third = PdProcess.start(folder, first.port(), Duration.ofHours(-1))) {
                hammer.reconnect();
                awaitAnswers(hammer);
                List<TsoHammer.Answer> answers = hammer.stop();
                assertThat(third.port()).isEqualTo(first.port());
                assertThat(answers).as("seed %d", seed).hasSizeGreaterThan(30_000);
                TsoHammer.check(answers);
            }
        }
    }

    private static void awaitAnswers(TsoHammer hammer) {
        long before = hammer.answersOfEachKind();
        await().atMost(Duration.ofMinutes(2))
                .until(() -> hammer.answersOfEachKind() >= before + ANSWERS_PER_LIFE);
    }
}
