package io.flaredb.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Sends the logs of all libraries, which use SLF4J or java.util.logging, to stderr. */
final class Logging {
    /** Held, since the log manager holds loggers weakly and would forget its level. */
    private static final Logger FLAREDB = Logger.getLogger("io.flaredb");

    private static final Logger RAFT_LIBRARY = Logger.getLogger("com.alipay.sofa.jraft");

    private static final Logger ROOT = Logger.getLogger("");

    private Logging() {}

    /**
     * Replaces whatever was set up before.
     *
     * @param level for FlareDB itself; other libraries tell one level less, except at {@code DEBUG}
     */
    static void start(LogLevel level, PrintStream err) {
        LogManager.getLogManager().reset();
        boolean debug = level == LogLevel.DEBUG;
        ROOT.setLevel(level == LogLevel.INFO || debug ? LogLevel.WARN.level() : level.level());
        FLAREDB.setLevel(level.level());
        // What the Raft library warns of, elections and lost connections, FlareDB tells in its own
        // words where it matters.
        RAFT_LIBRARY.setLevel(debug ? Level.WARNING : Level.OFF);
        Handler handler = new LineHandler(err, debug);
        handler.setLevel(Level.ALL);
        ROOT.addHandler(handler);
    }

    /** Writes a line at a time, so that threads do not mix theirs. */
    private static final class LineHandler extends Handler {
        private final PrintStream err;

        LineHandler(PrintStream err, boolean stackTraces) {
            this.err = err;
            setFormatter(new LineFormatter(stackTraces));
        }

        @Override
        public void publish(LogRecord record) {
            if (isLoggable(record)) {
                err.print(getFormatter().format(record));
                err.flush();
            }
        }

        @Override
        public void flush() {
            err.flush();
        }

        @Override
        public void close() {
            flush();
        }
    }

    /**
     * One line per record, {@code 2026-11-22T07:38:00.123Z WARN logger: message: cause}. Only at
     * {@code DEBUG} does the whole stack trace follow.
     */
    static final class LineFormatter extends Formatter {
        private final boolean stackTraces;

        LineFormatter(boolean stackTraces) {
            this.stackTraces = stackTraces;
        }

        @Override
        public String format(LogRecord record) {
            StringBuilder line = new StringBuilder(160);
            line.append(record.getInstant().truncatedTo(ChronoUnit.MILLIS));
            line.append(' ').append(word(record.getLevel()));
            line.append(' ').append(record.getLoggerName());
            line.append(": ").append(oneLine(formatMessage(record)));
            for (Throwable t = record.getThrown(); t != null; t = t.getCause()) {
                line.append(": ").append(oneLine(t.toString()));
            }
            line.append('\n');
            if (stackTraces && record.getThrown() != null) {
                StringWriter trace = new StringWriter();
                record.getThrown().printStackTrace(new PrintWriter(trace));
                line.append(trace);
            }
            return line.toString();
        }

        private static String word(Level level) {
            if (level.intValue() >= Level.SEVERE.intValue()) {
                return "ERROR";
            }
            return level == Level.WARNING ? "WARN" : level.getName().toUpperCase(Locale.ROOT);
        }
    }

    /** What may be broken over lines, on one. */
    static String oneLine(@Nullable String text) {
        return text == null ? "" : text.strip().replaceAll("\\s*\\R\\s*", " | ");
    }
}
