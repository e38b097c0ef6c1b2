package io.flaredb.it.history;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * Histories as text, to be checked or looked at later.
 *
 * <pre>
 * flaredb-history 1 versioned
 * client calledAt returnedAt =key put 1 =a : swapped 2
 * client calledAt -          =key put 2 =b
 * end 2
 * </pre>
 *
 * <p>The first line names the {@link Kind} of keys; a line without an output is of an operation of
 * unknown outcome. Keys and values are URL-encoded. The last line has the number of operations, so
 * that a file that was cut short is no history.
 *
 * @param <I> what clients ask
 * @param <O> what clients are told
 */
public final class HistoryFile<I, O> {
    /** Which keys a file is about. */
    public enum Kind {
        RAW,
        VERSIONED
    }

    private static final String MAGIC = "flaredb-history 1 ";

    private final Kind kind;
    private final Notation<I, O> notation;
    private final Model<?, I, O> model;

    private HistoryFile(Kind kind, Notation<I, O> notation, Model<?, I, O> model) {
        this.kind = kind;
        this.notation = notation;
        this.model = model;
    }

    /** Histories of raw keys. */
    public static HistoryFile<RawRegister.Input, RawRegister.Output> raw() {
        return new HistoryFile<>(Kind.RAW, new RawNotation(), new RawRegister());
    }

    /** Histories of versioned keys. */
    public static HistoryFile<VersionedRegister.Input, VersionedRegister.Output> versioned() {
        return new HistoryFile<>(Kind.VERSIONED, new VersionedNotation(), new VersionedRegister());
    }

    /** Whether a file begins like a history of this form. */
    static boolean isOne(Path file) throws IOException {
        byte[] magic = MAGIC.getBytes(StandardCharsets.US_ASCII);
        try (InputStream in = Files.newInputStream(file)) {
            return Arrays.equals(in.readNBytes(magic.length), magic);
        }
    }

    /**
     * Reads a file of either kind and checks it.
     *
     * @throws IOException if it can't be read, or is no whole history
     */
    public static Report check(Path file, Limits limits) throws IOException {
        return switch (kind(file)) {
            case RAW -> raw().readAndCheck(file, limits);
            case VERSIONED -> versioned().readAndCheck(file, limits);
        };
    }

    private static Kind kind(Path file) throws IOException {
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            String first = reader.readLine();
            for (Kind kind : Kind.values()) {
                if (header(kind).equals(first)) {
                    return kind;
                }
            }
            throw new IOException(file + " does not begin like a history: " + first);
        }
    }

    private static String header(Kind kind) {
        return MAGIC
                + switch (kind) {
                    case RAW -> "raw";
                    case VERSIONED -> "versioned";
                };
    }

    private Report readAndCheck(Path file, Limits limits) throws IOException {
        return new Linearizability<>(model, limits).check(read(file));
    }

    /** Writes a history; not synced. */
    public void write(Path file, List<Operation<I, O>> history) throws IOException {
        try (Writer writer = Files.newBufferedWriter(file)) {
            writer.write(header(kind) + "\n");
            for (Operation<I, O> operation : history) {
                writer.write(line(operation) + "\n");
            }
            writer.write("end " + history.size() + "\n");
        }
    }

    private String line(Operation<I, O> operation) {
        List<String> words = new ArrayList<>();
        words.add(Integer.toString(operation.client()));
        words.add(Long.toString(operation.calledAt()));
        words.add(operation.isUnknown() ? "-" : Long.toString(operation.returnedAt()));
        words.add(Notation.word(operation.key()));
        words.addAll(notation.input(operation.input()));
        operation
                .output()
                .ifPresent(output -> {
                    words.add(":");
                    words.addAll(notation.output(output));
                });
        return String.join(" ", words);
    }

    /**
     * Reads a history.
     *
     * @throws IOException if it can't be read, or is no whole history of this kind
     */
    public List<Operation<I, O>> read(Path file) throws IOException {
        List<Operation<I, O>> history = new ArrayList<>();
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            if (!header(kind).equals(reader.readLine())) {
                throw new IOException(file + " does not begin with " + header(kind));
            }
            while (true) {
                String line = reader.readLine();
                if (line == null) {
                    throw new IOException(file + " was cut short: it has no line of its end");
                }
                if (line.equals("end " + history.size())) {
                    if (reader.readLine() != null) {
                        throw new IOException(file + " goes on behind its end");
                    }
                    return history;
                }
                history.add(operation(line));
            }
        } catch (IllegalArgumentException
                | IndexOutOfBoundsException
                | NoSuchElementException e) { // a line has no input, say
            throw new IOException(file + ", operation " + (history.size() + 1), e);
        }
    }

    private Operation<I, O> operation(String line) {
        List<String> words = List.of(line.split(" "));
        int client = Integer.parseInt(words.get(0));
        long calledAt = Long.parseLong(words.get(1));
        String key = Notation.value(words.get(3));
        int colon = words.indexOf(":");
        if (colon < 0) {
            if (!words.get(2).equals("-")) {
                throw new IllegalArgumentException("returned without an output: " + line);
            }
            I input = notation.readInput(words.subList(4, words.size()));
            return Operation.unknown(client, key, calledAt, input);
        }
        return new Operation<>(
                client,
                key,
                calledAt,
                Long.parseLong(words.get(2)),
                notation.readInput(words.subList(4, colon)),
                Optional.of(notation.readOutput(words.subList(colon + 1, words.size()))));
    }
}
