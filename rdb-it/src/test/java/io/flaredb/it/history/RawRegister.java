package io.flaredb.it.history;

import java.util.Optional;
import java.util.Set;

/** A key of the raw key space: the last writer wins. Its state is its value, empty if absent. */
public final class RawRegister
        implements Model<Optional<String>, RawRegister.Input, RawRegister.Output> {

    /** What may be asked of a key. */
    public sealed interface Input {
        record Get() implements Input {}

        record Put(String value) implements Input {}

        record Delete() implements Input {}
    }

    /** What may be answered. */
    public sealed interface Output {
        /**
         * The answer to a get.
         *
         * @param value empty: there is no such key
         */
        record Found(Optional<String> value) implements Output {}

        /** The answer to a put or delete. */
        record Done() implements Output {}
    }

    @Override
    public Optional<String> initial() {
        return Optional.empty();
    }

    @Override
    public Optional<Optional<String>> step(Optional<String> state, Input input, Output output) {
        return switch (output) {
            case Output.Found(Optional<String> value) ->
                    input instanceof Input.Get && value.equals(state)
                            ? Optional.of(state)
                            : Optional.empty();
            case Output.Done done -> effect(state, input);
        };
    }

    @Override
    public Optional<Optional<String>> effect(Optional<String> state, Input input) {
        return switch (input) {
            case Input.Get get -> Optional.empty();
            case Input.Put(String value) -> Optional.of(Optional.of(value));
            case Input.Delete delete -> Optional.of(Optional.empty());
        };
    }

    @Override
    public boolean onlyReads(Input input, Output output) {
        return input instanceof Input.Get;
    }

    @Override
    public boolean isOverwrittenUnseen(Input input, Set<Output> outputs) {
        return effect(initial(), input)
                .filter(after -> !outputs.contains(new Output.Found(after)))
                .isPresent();
    }
}
