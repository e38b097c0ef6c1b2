package io.flaredb.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SteadyDetectorTest {
    private final SteadyDetector detector = new SteadyDetector(3);

    @Test
    void needsTwoSpansOfWindows() {
        add(100, 100, 100, 100, 100);
        assertThat(detector.isSteady()).isFalse();
        add(100);
        assertThat(detector.isSteady()).isTrue();
    }

    @Test
    void isNotSteadyWhileThroughputRises() {
        for (double perSecond = 100; perSecond < 1_000; perSecond *= 1.1) {
            add(perSecond);
            assertThat(detector.isSteady()).isFalse();
        }
    }

    @Test
    void becomesSteadyOnceItHasRisen() {
        add(10, 50, 90, 100, 100, 100);
        assertThat(detector.isSteady()).isFalse();
        add(101, 99, 100);
        assertThat(detector.isSteady()).isTrue();
    }

    @Test
    void forgivesASingleSlowWindowInEachSpan() {
        add(100, 40, 100, 100, 100, 41);
        assertThat(detector.isSteady()).isTrue();
    }

    @Test
    void isNotSteadyWhereNothingIsAnswered() {
        add(0, 0, 0, 0, 0, 0);
        assertThat(detector.isSteady()).isFalse();
    }

    private void add(double... windows) {
        for (double perSecond : windows) {
            detector.add(perSecond);
        }
    }
}
