package io.flaredb.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What surrounds a run of the command.
 *
 * @param in what {@code -} reads values from
 * @param out for answers, in UTF-8 whatever the locale
 * @param err for one-line errors and logs, in UTF-8
 * @param env environment variables
 */
record Terminal(InputStream in, PrintStream out, PrintStream err, Map<String, String> env) {
    private static final int BUFFER_BYTES = 64 * 1024;

    /** This process's own. Answers are buffered until they are flushed. */
    static Terminal ofProcess() {
        return new Terminal(
                new FileInputStream(FileDescriptor.in),
                new PrintStream(
                        new BufferedOutputStream(
                                new FileOutputStream(FileDescriptor.out), BUFFER_BYTES),
                        false,
                        StandardCharsets.UTF_8),
                new PrintStream(
                        new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
                System.getenv());
    }
}
