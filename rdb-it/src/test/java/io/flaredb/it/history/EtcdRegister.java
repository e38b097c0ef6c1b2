package io.flaredb.it.history;

import java.util.Optional;

/**
 * A register of numbers without versions, swapped by value: the one of Jepsen's test of etcd. Its
 * state is its value, empty if absent.
 */
final class EtcdRegister
        implements Model<Optional<Integer>, EtcdRegister.Input, EtcdRegister.Output> {

    /** What may be asked. */
    sealed interface Input {
        record Read() implements Input {}

        record Write(int value) implements Input {}

        /** Writes a value if another is there. */
        record Swap(int expected, int value) implements Input {}
    }

    /** What may be answered. */
    sealed interface Output {
        record Found(Optional<Integer> value) implements Output {}

        /** A write or swap took effect. */
        record Done() implements Output {}

        /** A swap met another value. */
        record Refused() implements Output {}
    }

    @Override
    public Optional<Integer> initial() {
        return Optional.empty();
    }

    @Override
    public Optional<Optional<Integer>> step(Optional<Integer> state, Input input, Output output) {
        return switch (output) {
            case Output.Found(Optional<Integer> value) ->
                    input instanceof Input.Read && value.equals(state)
                            ? Optional.of(state)
                            : Optional.empty();
            case Output.Done done -> effect(state, input);
            case Output.Refused refused ->
                    input instanceof Input.Swap && effect(state, input).isEmpty()
                            ? Optional.of(state)
                            : Optional.empty();
        };
    }

    @Override
    public boolean onlyReads(Input input, Output output) {
        return input instanceof Input.Read || output instanceof Output.Refused;
    }

    @Override
    public Optional<Optional<Integer>> effect(Optional<Integer> state, Input input) {
        return switch (input) {
            case Input.Read read -> Optional.empty();
            case Input.Write(int value) -> Optional.of(Optional.of(value));
            case Input.Swap(int expected, int value) ->
                    state.equals(Optional.of(expected))
                            ? Optional.of(Optional.of(value))
                            : Optional.empty();
        };
    }
}
