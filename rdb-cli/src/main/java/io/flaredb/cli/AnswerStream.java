package io.flaredb.cli;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Where answers go, buffered and in UTF-8 whatever the locale. As any {@link PrintStream} it throws
 * nothing when it cannot write; {@link #finish} does, and knows why.
 */
final class AnswerStream extends PrintStream {
    private static final int BUFFER_BYTES = 64 * 1024;

    /** The system's words where the other end of a pipe is closed; Java has no other sign of it. */
    private static final String READER_GONE = "Broken pipe";

    private final Sink sink;

    AnswerStream(OutputStream out) {
        this(new Sink(out));
    }

    private AnswerStream(Sink sink) {
        super(new BufferedOutputStream(sink, BUFFER_BYTES), false, StandardCharsets.UTF_8);
        this.sink = sink;
    }

    /**
     * Hands everything over.
     *
     * @throws CommandException if not all of it could be written: to a reader that has gone away,
     *     as {@code head} does, or to a full disk, say
     */
    void finish() {
        if (!checkError()) {
            return;
        }
        String why = sink.failure == null ? "" : sink.failure.getMessage();
        throw READER_GONE.equals(why)
                ? new CommandException(ExitCode.READER_GONE, "nobody reads the answer any more")
                : new CommandException(
                        ExitCode.FAILED, "cannot write the answer to stdout: " + why);
    }

    /** Remembers what has failed. */
    private static final class Sink extends FilterOutputStream {
        private volatile @Nullable IOException failure;

        Sink(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                out.write(bytes, offset, length);
            } catch (IOException e) {
                failure = e;
                throw e;
            }
        }
    }
}
