package io.flaredb.server.write;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BacklogTest {
    private static final long MAX_BYTES = 64 << 20;

    private final Backlog backlog = new Backlog(MAX_BYTES);

    @Test
    void boundsTheNumberOfSmallWrites() {
        int writes = 0;
        while (backlog.enter(100)) {
            writes++;
        }

        assertThat(writes).isBetween(20_000, 40_000);
        for (int i = 0; i < writes; i++) {
            assertThat(backlog.isEmpty()).isFalse();
            backlog.leave(100);
        }
        assertThat(backlog.isEmpty()).isTrue();
    }

    @Test
    void takesALargeWriteIfNothingElseWaits() {
        assertThat(backlog.enter(2 * MAX_BYTES)).isTrue();
        assertThat(backlog.enter(1)).isFalse();
        backlog.leave(2 * MAX_BYTES);

        assertThat(backlog.enter(1)).isTrue();
    }

    @Test
    void takesNothingOnceItIsClosedAndBecomesEmpty() {
        assertThat(backlog.enter(100)).isTrue();
        backlog.close();

        assertThat(backlog.enter(100)).isFalse();
        assertThat(backlog.isEmpty()).isFalse();
        backlog.leave(100);
        assertThat(backlog.isEmpty()).isTrue();
        assertThat(backlog.enter(100)).isFalse();
    }
}
