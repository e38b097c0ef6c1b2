package io.flaredb.client.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SuspectsTest {
    private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Suspects suspects = new Suspects();

    @Test
    void anAnswerClearsAStore() {
        suspects.addHanging(1, TIMEOUT_NANOS);
        suspects.addHanging(2, TIMEOUT_NANOS);
        suspects.clear(1, 7);

        assertThat(suspects.contains(1, 7)).isFalse();
        assertThat(suspects.contains(1, 8)).isFalse();
        assertThat(suspects.contains(2, 7)).isTrue();
    }

    @Test
    void aStoreThatLacksARegionIsNoSuspectForOthers() {
        suspects.addLacking(1, 7, TIMEOUT_NANOS);

        assertThat(suspects.contains(1, 8)).isFalse();
        assertThat(suspects.contains(2, 7)).isFalse();
    }

    @Test
    void aSuspicionPasses() {
        suspects.addFailing(1, TIMEOUT_NANOS);
        suspects.addHanging(2, TIMEOUT_NANOS);
        suspects.addLacking(3, 7, TIMEOUT_NANOS);

        await().until(() ->
                !suspects.contains(1, 7) && !suspects.contains(2, 7) && !suspects.contains(3, 7));
    }
}
