package io.flaredb.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.flaredb.bytes.Bytes;
import java.math.BigInteger;
import java.util.Optional;
import java.util.function.Function;

/** Writes one command's answer to stdout, in the format and encoding that were asked for. */
final class Output {
    /** A reader like head may be gone: so much is written before it is noticed. */
    private static final int CHARS_PER_CHECK = 64 * 1024;

    private final Terminal terminal;
    private final OutputFormat format;
    private final Encoding encoding;

    Output(Terminal terminal, OutputFormat format, Encoding encoding) {
        this.terminal = terminal;
        this.format = format;
        this.encoding = encoding;
    }

    boolean isJson() {
        return format == OutputFormat.JSON;
    }

    /** A key or value as the answer shows it. */
    String encoded(Bytes bytes) {
        return encoding.encode(bytes);
    }

    /** A key or value as a JSON string. */
    JsonElement json(Bytes bytes) {
        return new JsonPrimitive(encoded(bytes));
    }

    /**
     * The value that a conflict met, as a JSON string; null where there is none, and where this
     * encoding cannot show it, which stderr is told then: it is a conflict all the same.
     */
    JsonElement currentValue(Optional<Bytes> value) {
        try {
            return value.map(this::json).orElse(JsonNull.INSTANCE);
        } catch (Encoding.NotUtf8Exception e) {
            Failures.line(
                    terminal.err(),
                    "the current value is not valid UTF-8: use --encoding hex or base64");
            return JsonNull.INSTANCE;
        }
    }

    /** An unsigned number as a JSON number. */
    static JsonElement unsigned(long number) {
        return new JsonPrimitive(new BigInteger(Long.toUnsignedString(number)));
    }

    /** One line of a text answer. */
    void line(String line) {
        terminal.out().print(line + '\n');
    }

    /** The whole of a JSON answer. */
    void object(JsonObject answer) {
        line(answer.toString());
    }

    /** The whole of a JSON answer that only says that the command did {@code what}. */
    void done(String what) {
        JsonObject answer = new JsonObject();
        answer.addProperty(what, true);
        object(answer);
    }

    /**
     * Entries, one per line of text; or {@code {"entries":[...],"count":n}}, which is written once
     * all of them are there, so that an answer is whole or missing.
     */
    <E> void entries(
            Iterable<E> entries, Function<E, String> toLine, Function<E, JsonObject> toJson) {
        if (isJson()) {
            JsonArray array = new JsonArray();
            entries.forEach(entry -> array.add(toJson.apply(entry)));
            JsonObject answer = new JsonObject();
            answer.add("entries", array);
            answer.addProperty("count", array.size());
            object(answer);
            return;
        }
        int unchecked = 0;
        for (E entry : entries) {
            String line = toLine.apply(entry);
            line(line);
            unchecked += line.length();
            if (unchecked >= CHARS_PER_CHECK) {
                finish();
                unchecked = 0;
            }
        }
    }

    /** Says on stderr, for text, that a key that was asked for is not there. */
    void notFound(Bytes key) {
        Failures.line(terminal.err(), "not found: key \"" + encoded(key) + '"');
    }

    /** Says on stderr, for text, that a compare-and-swap met another version. */
    void conflict(Bytes key, long currentVersion, long expectedVersion) {
        Failures.line(
                terminal.err(),
                "conflict: key \""
                        + encoded(key)
                        + "\" is at version "
                        + Long.toUnsignedString(currentVersion)
                        + (currentVersion == 0 ? " (absent)" : "")
                        + ", expected "
                        + Long.toUnsignedString(expectedVersion));
    }

    /** As {@link AnswerStream#finish}. */
    void finish() {
        terminal.out().finish();
    }
}
