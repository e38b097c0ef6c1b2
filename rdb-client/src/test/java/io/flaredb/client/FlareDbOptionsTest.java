package io.flaredb.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;

class FlareDbOptionsTest {
    private final FlareDbOptions defaults = FlareDbOptions.defaults();

    @Test
    void hasDefaults() {
        assertThat(defaults)
                .isEqualTo(
                        new FlareDbOptions(
                                Duration.ofSeconds(5), 65_536, ForkJoinPool.commonPool()));
    }

    @Test
    void changesOneThingAtATime() {
        assertThat(defaults.withTimeout(Duration.ofSeconds(1)))
                .isEqualTo(
                        new FlareDbOptions(
                                Duration.ofSeconds(1), 65_536, ForkJoinPool.commonPool()));
        assertThat(defaults.withMaxInFlight(3).maxInFlight()).isEqualTo(3);
        assertThat(defaults.withExecutor(Runnable::run).timeout()).isEqualTo(defaults.timeout());
    }

    @Test
    void saysWhatIsAllowed() {
        assertThatThrownBy(() -> defaults.withTimeout(Duration.ZERO))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("timeout is PT0S: allowed are 1 ms to 1 day");
        assertThatThrownBy(() -> defaults.withTimeout(ChronoUnit.FOREVER.getDuration()))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageEndingWith(": allowed are 1 ms to 1 day");
        assertThatThrownBy(() -> defaults.withMaxInFlight(0))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("max-in-flight is 0: allowed are 1 to 1048576");
    }

    @Test
    @SuppressWarnings("NullAway")
    void needsAnExecutor() {
        assertThatThrownBy(() -> defaults.withExecutor(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("executor");
    }
}
