package io.flaredb.it.history;

import io.flaredb.it.history.Report.Violation;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Searches for an order of one key's operations that a model allows, depth first, never twice from
 * the same point (Wing and Gong, 1993; the memory of points is Lowe's, 2017).
 *
 * <p>At each point the candidates are the operations that were called before the first return of
 * any not yet placed. They are tried in the order of their returns, so that each is placed only
 * when it must be, and those of unknown outcome last: they need not be placed at all.
 *
 * <p>Invariant: {@code placed} and {@code unknownPlaced} are the operations on the path of steps.
 */
final class Search<S, I, O> {
    /** How a search ended. */
    enum Result {
        FOUND,
        NOT_FOUND,
        TIMEOUT,
        MEMORY
    }

    private static final int STEPS_PER_LOOK_AT_THE_CLOCK = 1_024;

    /** A point on the path, and how far its candidates have been tried. */
    private static final class Step<S, I, O> {
        final @Nullable Step<S, I, O> previous; // null: the start
        final S state;
        final @Nullable Operation<I, O> placed; // what led here; null: the start
        final int index; // of placed, among the known or the unknown ones
        final int prefix; // the first known operation not placed
        final int[] candidates; // known ones, by return
        int tried;
        int unknownsTried;

        Step(
                @Nullable Step<S, I, O> previous,
                S state,
                @Nullable Operation<I, O> placed,
                int index,
                int prefix,
                int[] candidates) {
            this.previous = previous;
            this.state = state;
            this.placed = placed;
            this.index = index;
            this.prefix = prefix;
            this.candidates = candidates;
        }
    }

    private final Model<S, I, O> model;
    private final List<Operation<I, O>> known; // by call, as the next
    private final List<Operation<I, O>> unknown;
    private final BitSet unseen = new BitSet(); // known ones that are overwritten unseen
    private final int[] twins; // for each unknown one, the last before it that is alike, or -1
    private final long startNanos = System.nanoTime();
    private final long timeoutNanos;
    private final long memoryBytes;

    private final BitSet placed = new BitSet();
    private final BitSet unknownPlaced = new BitSet();
    private final Visited<S> visited = new Visited<>();
    private final Explanation<S, I, O> explanation = new Explanation<>();

    Search(
            Model<S, I, O> model,
            List<Operation<I, O>> operations,
            long timeoutNanos,
            long memoryBytes) {
        this.model = model;
        this.timeoutNanos = timeoutNanos;
        this.memoryBytes = memoryBytes;
        List<Operation<I, O>> byCall =
                operations.stream().sorted(Comparator.comparingLong(Operation::calledAt)).toList();
        this.known = byCall.stream().filter(each -> !each.isUnknown()).toList();
        Set<O> outputs =
                known.stream()
                        .map(Operation::output)
                        .flatMap(Optional::stream)
                        .collect(Collectors.toSet());
        this.unknown =
                byCall.stream()
                        .filter(Operation::isUnknown)
                        .filter(each -> !model.isOverwrittenUnseen(each.input(), outputs))
                        .toList();
        this.twins = twins(outputs);
        for (int i = 0; i < known.size(); i++) {
            unseen.set(i, model.isOverwrittenUnseen(known.get(i).input(), outputs));
        }
    }

    private int[] twins(Set<O> outputs) {
        Map<Object, Integer> last = new HashMap<>();
        int[] found = new int[unknown.size()];
        for (int i = 0; i < found.length; i++) {
            Integer before = last.put(model.likeness(unknown.get(i).input(), outputs), i);
            found[i] = before == null ? -1 : before;
        }
        return found;
    }

    Result run() {
        Step<S, I, O> here = new Step<>(null, model.initial(), null, -1, 0, candidates(0));
        visited.add(placed, 0, unknownPlaced, here.state);
        for (long steps = 0; here.candidates.length > 0; steps++) {
            if (steps % STEPS_PER_LOOK_AT_THE_CLOCK == 0
                    && System.nanoTime() - startNanos >= timeoutNanos) {
                return Result.TIMEOUT;
            }
            if (visited.sizeBytes() > memoryBytes) {
                return Result.MEMORY;
            }
            Step<S, I, O> next = next(here);
            if (next == null) {
                stuckAt(here);
                if (here.previous == null) {
                    return Result.NOT_FOUND;
                }
                takeBack(here);
                next = here.previous;
            }
            here = next;
        }
        return Result.FOUND;
    }

    /** What {@link Result#NOT_FOUND} found instead. */
    Violation violation(String key) {
        return explanation.violation(key);
    }

    /** The operations that may be placed now, by return; the first is the one that must be. */
    private int[] candidates(int prefix) {
        IntStream.Builder found = IntStream.builder();
        long firstReturn = Operation.NEVER;
        for (int i = prefix; i < known.size(); i = placed.nextClearBit(i + 1)) {
            Operation<I, O> operation = known.get(i);
            if (operation.calledAt() > firstReturn) {
                break; // and so are all after it
            }
            found.add(i);
            firstReturn = Math.min(firstReturn, operation.returnedAt());
        }
        return found.build()
                .boxed()
                .sorted(Comparator.comparingLong(i -> known.get(i).returnedAt()))
                .mapToInt(i -> i)
                .toArray();
    }

    private long firstReturn(Step<S, I, O> here) {
        return known.get(here.candidates[0]).returnedAt();
    }

    /** Goes to a point that is new; null: there is none from here. */
    private @Nullable Step<S, I, O> next(Step<S, I, O> here) {
        if (here.tried == 0) {
            int index = certain(here);
            if (index >= 0) {
                here.tried = here.candidates.length;
                here.unknownsTried = unknown.size();
                return tryToPlace(here, known.get(index), index);
            }
        }
        while (here.tried < here.candidates.length) {
            int index = here.candidates[here.tried++];
            Step<S, I, O> next = tryToPlace(here, known.get(index), index);
            if (next != null) {
                return next;
            }
        }
        long firstReturn = firstReturn(here);
        while (here.unknownsTried < unknown.size()) {
            int index = here.unknownsTried++;
            Operation<I, O> operation = unknown.get(index);
            if (operation.calledAt() > firstReturn) {
                here.unknownsTried = unknown.size(); // all after it are later
            } else if (!unknownPlaced.get(index) && !hasTwinToPlaceFirst(index)) {
                Step<S, I, O> next = tryToPlace(here, operation, index);
                if (next != null) {
                    return next;
                }
            }
        }
        return null;
    }

    /**
     * A candidate that can go first in any order that goes on from here, so that nothing else needs
     * to be tried; -1 if there is none.
     *
     * <p>Such is one that only reads, and reads what is there. If there is none, the next one
     * writes, so that a write that nobody sees can go before it.
     */
    private int certain(Step<S, I, O> here) {
        int overwritten = -1;
        for (int index : here.candidates) {
            Operation<I, O> operation = known.get(index);
            if (model.onlyReads(operation.input(), operation.output().orElseThrow())) {
                if (apply(here.state, operation).equals(Optional.of(here.state))) {
                    return index;
                }
            } else if (overwritten < 0 && unseen.get(index)) {
                overwritten = index;
            }
        }
        return overwritten;
    }

    /** Of two operations that are alike, the one called first can do all that the other can. */
    private boolean hasTwinToPlaceFirst(int index) {
        return twins[index] >= 0 && !unknownPlaced.get(twins[index]);
    }

    private @Nullable Step<S, I, O> tryToPlace(
            Step<S, I, O> here, Operation<I, O> operation, int index) {
        S state = apply(here.state, operation).orElse(null);
        if (state == null || isTheSameWithoutTheLast(here, operation, state)) {
            return null;
        }
        BitSet set = operation.isUnknown() ? unknownPlaced : placed;
        set.set(index);
        int prefix = placed.nextClearBit(here.prefix);
        if (!visited.add(placed, prefix, stillToBeTold(state), state)) {
            set.clear(index);
            return null;
        }
        return new Step<>(here, state, operation, index, prefix, candidates(prefix));
    }

    /** The placed operations of unknown outcome, without those that no longer make a difference. */
    private BitSet stillToBeTold(S state) {
        BitSet some = new BitSet();
        for (int i = unknownPlaced.nextSetBit(0); i >= 0; i = unknownPlaced.nextSetBit(i + 1)) {
            some.set(i, model.mayStillHaveEffect(state, unknown.get(i).input()));
        }
        return some;
    }

    /**
     * Whether an operation of unknown outcome was just placed for nothing: this one leads to the
     * same state from the point before, where it is tried as well. Keeps chains of unknown writes,
     * of which each overwrites the one before, from being tried in all orders.
     */
    private boolean isTheSameWithoutTheLast(
            Step<S, I, O> here, Operation<I, O> operation, S state) {
        return here.previous != null
                && here.placed != null
                && here.placed.isUnknown()
                && apply(here.previous.state, operation).equals(Optional.of(state));
    }

    private Optional<S> apply(S state, Operation<I, O> operation) {
        return operation
                .output()
                .map(output -> model.step(state, operation.input(), output))
                .orElseGet(() -> model.effect(state, operation.input()));
    }

    private void takeBack(Step<S, I, O> here) {
        if (here.placed != null) {
            (here.placed.isUnknown() ? unknownPlaced : placed).clear(here.index);
        }
    }

    private void stuckAt(Step<S, I, O> here) {
        long firstReturn = firstReturn(here);
        if (!explanation.isWorthTelling(
                here.state, firstReturn, placed.cardinality(), unknownPlaced.cardinality())) {
            return;
        }
        Deque<Operation<I, O>> last = new ArrayDeque<>();
        Step<S, I, O> step = here;
        while (step != null && step.placed != null && last.size() < Explanation.MOST_TO_SHOW) {
            last.addFirst(step.placed);
            step = step.previous;
        }
        Stream<Operation<I, O>> open =
                Stream.concat(
                        IntStream.of(here.candidates).skip(1).mapToObj(known::get),
                        IntStream.range(0, unknown.size())
                                .filter(i -> !unknownPlaced.get(i))
                                .mapToObj(unknown::get)
                                .filter(each -> each.calledAt() < firstReturn));
        explanation.tell(last, known.get(here.candidates[0]), open);
    }
}
