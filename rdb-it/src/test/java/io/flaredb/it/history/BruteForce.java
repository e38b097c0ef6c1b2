package io.flaredb.it.history;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Tries all orders of a tiny history of one key. Too slow to be used, and too simple to be wrong.
 */
final class BruteForce<S, I, O> {
    private final Register<S, I, O> register;
    private final List<Operation<I, O>> history;

    private BruteForce(Register<S, I, O> register, List<Operation<I, O>> history) {
        this.register = register;
        this.history = history;
    }

    static <S, I, O> boolean isLinearizable(
            Register<S, I, O> register, List<Operation<I, O>> history) {
        return new BruteForce<>(register, history)
                .canGoOn(register.initial(), IntStream.range(0, history.size()).boxed().toList());
    }

    private boolean canGoOn(S state, List<Integer> left) {
        if (left.stream().allMatch(i -> history.get(i).isUnknown())) {
            return true;
        }
        return left.stream()
                .filter(i -> mayBeNext(i, left))
                .anyMatch(i -> canPlace(state, i, left));
    }

    private boolean mayBeNext(int index, List<Integer> left) {
        long calledAt = history.get(index).calledAt();
        return left.stream().noneMatch(i -> history.get(i).returnedAt() < calledAt);
    }

    private boolean canPlace(S state, int index, List<Integer> left) {
        Operation<I, O> operation = history.get(index);
        List<Integer> rest = left.stream().filter(i -> i != index).toList();
        return register.ways(state, operation.input()).stream()
                .filter(way -> operation.output().map(way.output()::equals).orElse(true))
                .anyMatch(way -> canGoOn(way.after(), rest));
    }
}
