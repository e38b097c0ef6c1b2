package io.flaredb.it.history;

import io.flaredb.it.history.VersionedRegister.Input;
import io.flaredb.it.history.VersionedRegister.Output;
import java.util.List;

/**
 * Words for versioned keys: {@code put 1 =a}, {@code get}, {@code delete 1}; {@code found 1 =a},
 * {@code absent}, {@code swapped 2}, {@code conflict 1 =a}, {@code conflict 0 -}, {@code at 1}.
 */
final class VersionedNotation implements Notation<Input, Output> {
    @Override
    public List<String> input(Input input) {
        return switch (input) {
            case Input.Get get -> List.of("get");
            case Input.Put(long expected, String value) ->
                    List.of("put", word(expected), Notation.word(value));
            case Input.Delete(long expected) -> List.of("delete", word(expected));
        };
    }

    @Override
    public List<String> output(Output output) {
        return switch (output) {
            case Output.Found(long version, String value) ->
                    List.of("found", word(version), Notation.word(value));
            case Output.Absent absent -> List.of("absent");
            case Output.Swapped(long version) -> List.of("swapped", word(version));
            case Output.Conflict conflict ->
                    List.of("conflict", word(conflict.version()), Notation.word(conflict.value()));
            case Output.At(long version) -> List.of("at", word(version));
        };
    }

    private static String word(long version) {
        return Long.toUnsignedString(version);
    }

    @Override
    public Input readInput(List<String> words) {
        return switch (words.getFirst() + " " + words.size()) {
            case "get 1" -> new Input.Get();
            case "put 3" -> new Input.Put(version(words), Notation.value(words.get(2)));
            case "delete 2" -> new Input.Delete(version(words));
            default -> throw Notation.unreadable(words);
        };
    }

    @Override
    public Output readOutput(List<String> words) {
        return switch (words.getFirst() + " " + words.size()) {
            case "found 3" -> new Output.Found(version(words), Notation.value(words.get(2)));
            case "absent 1" -> new Output.Absent();
            case "at 2" -> new Output.At(version(words));
            case "swapped 2" -> new Output.Swapped(version(words));
            case "conflict 3" ->
                    new Output.Conflict(version(words), Notation.perhapsValue(words.get(2)));
            default -> throw Notation.unreadable(words);
        };
    }

    private static long version(List<String> words) {
        return Long.parseUnsignedLong(words.get(1));
    }
}
