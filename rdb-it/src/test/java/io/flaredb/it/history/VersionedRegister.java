package io.flaredb.it.history;

import java.util.Optional;
import java.util.Set;

/**
 * A key of the versioned key space.
 *
 * <p>A swap on version v gives v + 1. A create gives a version above every one the key ever had;
 * how far above depends on deletes of other keys in its region, so any is right. If a create's
 * outcome is unknown, its version is too, until an answer names it.
 */
public final class VersionedRegister
        implements Model<
                VersionedRegister.State, VersionedRegister.Input, VersionedRegister.Output> {

    /** What may be asked of a key. Versions are unsigned, 0 means absent. */
    public sealed interface Input {
        record Get() implements Input {}

        record Put(long expectedVersion, String value) implements Input {}

        record Delete(long expectedVersion) implements Input {}
    }

    /** What may be answered. */
    public sealed interface Output {
        /** The answer to a get. */
        record Found(long version, String value) implements Output {}

        /** The answer to a get of a key that is not there. */
        record Absent() implements Output {}

        /**
         * A put or delete took effect.
         *
         * @param version 0 after a delete
         */
        record Swapped(long version) implements Output {}

        /**
         * A put or delete had no effect.
         *
         * @param version 0: the key is absent
         * @param value empty: the key is absent
         */
        record Conflict(long version, Optional<String> value) implements Output {}

        /**
         * A check, or a put or delete that had no effect, perhaps because of another key of its
         * batch, told the key's version and not its value.
         *
         * @param version 0: the key is absent
         */
        record At(long version) implements Output {}
    }

    /** What is known of a key. */
    public sealed interface State {
        /** The key is absent. {@code highest} is the highest version it ever had. */
        record Absent(long highest) implements State {}

        /** The key is at a version, which is the highest it ever had. */
        record Present(long version, String value) implements State {}

        /** The key was created, with a version above {@code highest} that nobody knows yet. */
        record Created(long highest, String value) implements State {}
    }

    @Override
    public State initial() {
        return new State.Absent(0);
    }

    @Override
    public Optional<State> step(State state, Input input, Output output) {
        return switch (input) {
            case Input.Get get -> get(state, output);
            case Input.Put put -> write(state, put.expectedVersion(), Optional.of(put), output);
            case Input.Delete delete ->
                    write(state, delete.expectedVersion(), Optional.empty(), output);
        };
    }

    private static Optional<State> get(State state, Output output) {
        return switch (output) {
            case Output.Absent absent -> onlyAbsent(state);
            case Output.Found(long version, String value) -> present(state, version, value);
            case Output.At(long version) -> at(state, version);
            case Output.Swapped swapped -> Optional.empty();
            case Output.Conflict conflict -> Optional.empty();
        };
    }

    /**
     * @param put empty: it is a delete
     */
    private static Optional<State> write(
            State state, long expected, Optional<Input.Put> put, Output output) {
        return switch (output) {
            case Output.Swapped(long version) ->
                    put.map(Input.Put::value)
                            .map(value -> putTo(state, expected, value, version))
                            .orElseGet(() ->
                                    version == 0 ? delete(state, expected) : Optional.empty());
            case Output.Conflict(long version, Optional<String> value) ->
                    version == expected || value.isPresent() != (version != 0)
                            ? Optional.empty()
                            : value.map(found -> present(state, version, found))
                                    .orElseGet(() -> onlyAbsent(state));
            case Output.At(long version) -> at(state, version);
            case Output.Found found -> Optional.empty();
            case Output.Absent absent -> Optional.empty();
        };
    }

    private static Optional<State> putTo(State state, long expected, String value, long version) {
        boolean right =
                expected == 0
                        ? state instanceof State.Absent(long highest) && isAbove(version, highest)
                        : isAt(state, expected) && version == expected + 1;
        return right ? Optional.of(new State.Present(version, value)) : Optional.empty();
    }

    private static Optional<State> delete(State state, long expected) {
        if (expected == 0) {
            return onlyAbsent(state);
        }
        return isAt(state, expected) ? Optional.of(new State.Absent(expected)) : Optional.empty();
    }

    @Override
    public Optional<State> effect(State state, Input input) {
        return switch (input) {
            case Input.Get get -> Optional.empty();
            case Input.Put(long expected, String value) -> {
                if (expected != 0) {
                    yield putTo(state, expected, value, expected + 1);
                }
                yield state instanceof State.Absent(long highest)
                        ? Optional.of(new State.Created(highest, value))
                        : Optional.empty();
            }
            case Input.Delete(long expected) ->
                    expected == 0 ? Optional.empty() : delete(state, expected);
        };
    }

    @Override
    public boolean onlyReads(Input input, Output output) {
        return input instanceof Input.Get
                || output instanceof Output.Conflict
                || output instanceof Output.At;
    }

    /**
     * A swap or delete on a version that was left behind never has an effect again. One on the very
     * version that is had none yet, or the version would be another, so there is nothing to tell.
     */
    @Override
    public boolean mayStillHaveEffect(State state, Input input) {
        return switch (input) {
            case Input.Get get -> false;
            case Input.Put put -> isAhead(state, put.expectedVersion());
            case Input.Delete delete -> isAhead(state, delete.expectedVersion());
        };
    }

    private static boolean isAhead(State state, long expected) {
        if (expected == 0) {
            return true;
        }
        return switch (state) {
            case State.Absent(long highest) -> isAbove(expected, highest);
            case State.Present(long version, String value) -> isAbove(expected, version);
            case State.Created(long highest, String value) -> isAbove(expected, highest);
        };
    }

    /** Creates of values that nobody saw are alike. */
    @Override
    public Object likeness(Input input, Set<Output> outputs) {
        return input instanceof Input.Put(long expected, String value)
                        && expected == 0
                        && outputs.stream().noneMatch(output -> shows(output, value))
                ? "an unseen create"
                : input;
    }

    private static boolean shows(Output output, String value) {
        return switch (output) {
            case Output.Found found -> found.value().equals(value);
            case Output.Conflict conflict -> conflict.value().equals(Optional.of(value));
            case Output.Absent absent -> false;
            case Output.Swapped swapped -> false;
            case Output.At at -> false;
        };
    }

    private static Optional<State> onlyAbsent(State state) {
        return state instanceof State.Absent ? Optional.of(state) : Optional.empty();
    }

    /** The state in which a client has seen this version with this value. */
    private static Optional<State> present(State state, long version, String value) {
        boolean possible =
                switch (state) {
                    case State.Absent absent -> false;
                    case State.Present(long at, String held) -> at == version && held.equals(value);
                    case State.Created(long highest, String held) ->
                            isAbove(version, highest) && held.equals(value);
                };
        return possible ? Optional.of(new State.Present(version, value)) : Optional.empty();
    }

    /** The state in which a client was told this version. */
    private static Optional<State> at(State state, long version) {
        if (version == 0) {
            return onlyAbsent(state);
        }
        return switch (state) {
            case State.Absent absent -> Optional.empty();
            case State.Present(long held, String value) -> present(state, version, value);
            case State.Created(long highest, String value) -> present(state, version, value);
        };
    }

    /** Whether the key may be at this version, which is not 0. */
    private static boolean isAt(State state, long version) {
        return switch (state) {
            case State.Absent absent -> false;
            case State.Present present -> present.version() == version;
            case State.Created created -> isAbove(version, created.highest());
        };
    }

    private static boolean isAbove(long version, long highest) {
        return Long.compareUnsigned(version, highest) > 0;
    }
}
