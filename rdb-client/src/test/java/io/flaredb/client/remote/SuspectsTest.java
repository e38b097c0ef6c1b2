package io.flaredb.client.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;

class SuspectsTest {
    private final Suspects suspects = new Suspects();

    @Test
    void anAnswerClearsAStore() {
        suspects.addHanging(1);
        suspects.addHanging(2);
        suspects.clear(1);

        assertThat(suspects.contains(1)).isFalse();
        assertThat(suspects.contains(2)).isTrue();
    }

    @Test
    void aSuspicionPasses() {
        suspects.addFailing(1);
        suspects.addHanging(2);

        await().until(() -> !suspects.contains(1) && !suspects.contains(2));
    }
}
