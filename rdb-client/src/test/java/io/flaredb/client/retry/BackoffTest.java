package io.flaredb.client.retry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BackoffTest {
    @Test
    void doublesUpToItsBound() {
        Backoff backoff = new Backoff(100, 1_000);

        assertThat(backoff.nextPauseNanos()).isBetween(50L, 100L);
        assertThat(backoff.nextPauseNanos()).isBetween(100L, 200L);
        assertThat(backoff.nextPauseNanos()).isBetween(200L, 400L);
        assertThat(backoff.nextPauseNanos()).isBetween(400L, 800L);
        for (int i = 0; i < 100; i++) {
            assertThat(backoff.nextPauseNanos()).isBetween(500L, 1_000L);
        }
    }
}
