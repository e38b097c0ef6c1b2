package io.flaredb.it.history;

import io.flaredb.it.history.Report.Undecided;
import io.flaredb.it.history.Report.Violation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Checks that a history is linearizable: that its operations could have taken effect one at a time,
 * each between its call and its return, with the answers that were given.
 *
 * <p>A history is linearizable if it is so key by key (Herlihy and Wing, "Linearizability", 1990,
 * theorem 1), so each key is searched alone.
 */
public final class Linearizability<S, I, O> {
    private final Model<S, I, O> model;
    private final Limits limits;

    public Linearizability(Model<S, I, O> model, Limits limits) {
        this.model = model;
        this.limits = limits;
    }

    /** Checks all keys; blocks for as long as the limits allow. */
    public Report check(List<Operation<I, O>> history) {
        // Short ones first: what they leave of their share of time is for the long ones.
        List<List<Operation<I, O>>> keys =
                history.stream().collect(Collectors.groupingBy(Operation::key)).values().stream()
                        .sorted(Comparator.comparingInt(List::size))
                        .toList();
        List<Violation> violations = new ArrayList<>();
        List<Undecided> undecided = new ArrayList<>();
        long start = System.nanoTime();
        long left = limits.timeout().toNanos();
        for (int i = 0; i < keys.size(); i++) {
            List<Operation<I, O>> operations = keys.get(i);
            String key = operations.getFirst().key();
            long share = left / (keys.size() - i);
            Search<S, I, O> search = new Search<>(model, operations, share, limits.memoryBytes());
            switch (search.run()) {
                case FOUND -> {}
                case NOT_FOUND -> violations.add(search.violation(key));
                case TIMEOUT -> undecided.add(new Undecided(key, Undecided.Reason.TIMEOUT));
                case MEMORY -> undecided.add(new Undecided(key, Undecided.Reason.MEMORY));
            }
            left = Math.max(0, limits.timeout().toNanos() - (System.nanoTime() - start));
        }
        return new Report(keys.size(), history.size(), violations, undecided);
    }
}
