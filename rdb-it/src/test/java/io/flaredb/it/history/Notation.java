package io.flaredb.it.history;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** How the inputs and outputs of one kind of register are written, as words without spaces. */
interface Notation<I, O> {
    List<String> input(I input);

    List<String> output(O output);

    /**
     * @throws IllegalArgumentException if these words are no input
     */
    I readInput(List<String> words);

    /**
     * @throws IllegalArgumentException if these words are no output
     */
    O readOutput(List<String> words);

    /** Writes a value as one word, which is never empty. */
    static String word(String value) {
        return "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    /** Writes a value that may be missing. */
    static String word(Optional<String> value) {
        return value.map(Notation::word).orElse("-");
    }

    /** Reads what {@link #word(String)} wrote. */
    static String value(String word) {
        if (!word.startsWith("=")) {
            throw new IllegalArgumentException("no value: " + word);
        }
        return URLDecoder.decode(word.substring(1), StandardCharsets.UTF_8);
    }

    /** Reads what {@link #word(Optional)} wrote. */
    static Optional<String> perhapsValue(String word) {
        return word.equals("-") ? Optional.empty() : Optional.of(value(word));
    }

    /** What neither an input nor an output looks like. */
    static IllegalArgumentException unreadable(List<String> words) {
        return new IllegalArgumentException("not understood: " + String.join(" ", words));
    }
}
