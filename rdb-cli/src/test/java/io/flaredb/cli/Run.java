package io.flaredb.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What one run of the command answered. */
record Run(int exitCode, String out, String err) {
    /** Runs {@code flaredb} with nothing on stdin and no variables set. */
    static Run flaredb(String... args) {
        return flaredb(Map.of(), new byte[0], args);
    }

    static Run flaredb(Map<String, String> env, byte[] stdin, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Run run = writingTo(out, env, stdin, args);
        return new Run(run.exitCode(), out.toString(UTF_8), run.err());
    }

    /** Runs {@code flaredb} with an stdout that may fail; what was written there is not told. */
    static Run writingTo(OutputStream out, Map<String, String> env, String... args) {
        return writingTo(out, env, new byte[0], args);
    }

    private static Run writingTo(
            OutputStream out, Map<String, String> env, byte[] stdin, String... args) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal =
                new Terminal(
                        new ByteArrayInputStream(stdin),
                        new AnswerStream(out),
                        new PrintStream(err, true, UTF_8),
                        env);
        int exitCode = Main.run(terminal, args);
        return new Run(exitCode, "", err.toString(UTF_8));
    }

    /** Runs {@code flaredb} with these words, which hold no blanks, and then those. */
    static Run words(String words, String... more) {
        List<String> args = new ArrayList<>(List.of(words.split(" ")));
        args.addAll(List.of(more));
        return flaredb(args.toArray(String[]::new));
    }
}
