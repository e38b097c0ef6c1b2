package io.flaredb.it.history;

import io.flaredb.it.history.RawRegister.Input;
import io.flaredb.it.history.RawRegister.Output;
import java.util.List;

/**
 * Words for raw keys: {@code put =a}, {@code get}, {@code delete}; {@code found =a}, {@code done}.
 */
final class RawNotation implements Notation<Input, Output> {
    @Override
    public List<String> input(Input input) {
        return switch (input) {
            case Input.Get get -> List.of("get");
            case Input.Put put -> List.of("put", Notation.word(put.value()));
            case Input.Delete delete -> List.of("delete");
        };
    }

    @Override
    public List<String> output(Output output) {
        return switch (output) {
            case Output.Found found -> List.of("found", Notation.word(found.value()));
            case Output.Done done -> List.of("done");
        };
    }

    @Override
    public Input readInput(List<String> words) {
        return switch (words.getFirst() + " " + words.size()) {
            case "get 1" -> new Input.Get();
            case "put 2" -> new Input.Put(Notation.value(words.get(1)));
            case "delete 1" -> new Input.Delete();
            default -> throw Notation.unreadable(words);
        };
    }

    @Override
    public Output readOutput(List<String> words) {
        return switch (words.getFirst() + " " + words.size()) {
            case "found 2" -> new Output.Found(Notation.perhapsValue(words.get(1)));
            case "done 1" -> new Output.Done();
            default -> throw Notation.unreadable(words);
        };
    }
}
