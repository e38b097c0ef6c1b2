package io.flaredb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class LoggingTest {
    @Test
    void writesOneLinePerRecord() {
        assertThat(new Logging.LineFormatter(false).format(failure()))
                .isEqualTo(
                        "2026-11-22T07:38:00.123Z WARN io.flaredb.x: two | lines:"
                                + " java.lang.IllegalStateException: outer:"
                                + " java.io.IOException: inner\n");
    }

    @Test
    void addsTheStackTraceWhenDebugging() {
        assertThat(new Logging.LineFormatter(true).format(failure()))
                .contains("outer: java.io.IOException: inner\n")
                .contains("\tat ")
                .contains("Caused by: java.io.IOException: inner");
    }

    private static LogRecord failure() {
        LogRecord record = new LogRecord(Level.WARNING, "two\n  lines\n");
        record.setInstant(Instant.parse("2026-11-22T07:38:00.123456Z"));
        record.setLoggerName("io.flaredb.x");
        record.setThrown(new IllegalStateException("outer", new IOException("inner")));
        return record;
    }
}
