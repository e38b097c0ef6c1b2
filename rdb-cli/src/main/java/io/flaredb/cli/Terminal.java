package io.flaredb.cli;

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
 * @param out for answers
 * @param err for one-line errors and logs, in UTF-8
 * @param env environment variables
 */
record Terminal(InputStream in, AnswerStream out, PrintStream err, Map<String, String> env) {
    /** This process's own. Answers are buffered until they are flushed. */
    static Terminal ofProcess() {
        return new Terminal(
                new FileInputStream(FileDescriptor.in),
                new AnswerStream(new FileOutputStream(FileDescriptor.out)),
                new PrintStream(
                        new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
                System.getenv());
    }
}
