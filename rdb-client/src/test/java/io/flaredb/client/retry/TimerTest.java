package io.flaredb.client.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TimerTest {
    private final AtomicInteger runs = new AtomicInteger();

    @Test
    void runsAnActionLater() {
        try (Timer timer = new Timer("test-timer")) {
            timer.after(1, runs::incrementAndGet);
            await().until(() -> runs.get() == 1);
        }
        assertThat(runs).hasValue(1);
    }

    @Test
    void runsWhatIsLeftWhenClosed() {
        Timer timer = new Timer("test-timer");
        timer.after(TimeUnit.DAYS.toNanos(1), runs::incrementAndGet);
        timer.close();
        assertThat(runs).hasValue(1);

        timer.after(TimeUnit.DAYS.toNanos(1), runs::incrementAndGet);
        assertThat(runs).hasValue(2);
        timer.close();
        assertThat(runs).hasValue(2);
    }
}
