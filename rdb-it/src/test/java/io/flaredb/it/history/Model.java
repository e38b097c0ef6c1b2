package io.flaredb.it.history;

import java.util.Optional;
import java.util.Set;

/**
 * What one register may answer.
 *
 * <p>There is at most one next state, also where the register itself has a choice that no answer
 * has told yet: such a choice is part of the state until an answer settles it. That keeps the
 * search from branching over choices.
 *
 * @param <S> state: a value with equals and hashCode
 * @param <I> what a client asks, a value with equals and hashCode
 * @param <O> what a client is told, a value with equals and hashCode
 */
public interface Model<S, I, O> {
    /** The state of a key that nobody has written. */
    S initial();

    /** The state after a register has answered so; empty: in this state it can't. */
    Optional<S> step(S state, I input, O output);

    /**
     * The state after an operation of unknown outcome has taken effect; empty: it can't have one in
     * this state. No effect at all needs no step, because such an operation may be left out.
     */
    Optional<S> effect(S state, I input);

    /** Whether an operation that was answered so had no effect, whatever the state. */
    boolean onlyReads(I input, O output);

    /**
     * Whether an operation is a write that is possible in any state, and after which the register
     * was written again before anybody looked.
     *
     * <p>One of unknown outcome is left out of the search then, and any other is placed right
     * before the next write.
     *
     * @param outputs all answers that were given for the key
     */
    default boolean isOverwrittenUnseen(I input, Set<O> outputs) {
        return false;
    }

    /**
     * Whether an operation of unknown outcome, if it had no effect yet, could still have one in
     * this state or in any that may come after it. False lets the search forget whether it had one.
     */
    default boolean mayStillHaveEffect(S state, I input) {
        return true;
    }

    /**
     * What operations of unknown outcome have in common if, for all that these answers tell, one
     * could stand for the other.
     *
     * @param outputs all answers that were given for the key
     */
    default Object likeness(I input, Set<O> outputs) {
        return input;
    }
}
