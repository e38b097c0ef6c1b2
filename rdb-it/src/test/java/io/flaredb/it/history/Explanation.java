package io.flaredb.it.history;

import io.flaredb.it.history.Report.Violation;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * How far a search came: the latest return at which it got stuck, and of the ways to get there the
 * one with most known operations and, of those, fewest of unknown outcome.
 */
final class Explanation<S, I, O> {
    /** Of anything. */
    static final int MOST_TO_SHOW = 12;

    private long firstReturn = -1;
    private int knownPlaced;
    private int unknownPlaced;
    private List<String> lastPlaced = List.of();
    private String unplaced = "";
    private List<String> open = List.of();
    private final Set<S> states = new LinkedHashSet<>();

    /**
     * Notes that the search got stuck in this state.
     *
     * @param returned when the first operation not placed returned
     * @param known number of known operations placed
     * @param unknown number of operations of unknown outcome placed
     * @return whether that is further than ever, and {@link #tell} should be told
     */
    boolean isWorthTelling(S state, long returned, int known, int unknown) {
        if (returned < firstReturn) {
            return false;
        }
        boolean isLater = returned > firstReturn;
        if (isLater) {
            firstReturn = returned;
            states.clear();
        }
        if (states.size() < MOST_TO_SHOW) {
            states.add(state);
        }
        boolean isBetter = known > knownPlaced || (known == knownPlaced && unknown < unknownPlaced);
        if (!isLater && !isBetter) {
            return false;
        }
        knownPlaced = known;
        unknownPlaced = unknown;
        return true;
    }

    /** Keeps what is to be shown. */
    void tell(
            Collection<Operation<I, O>> lastPlaced,
            Operation<I, O> unplaced,
            Stream<Operation<I, O>> open) {
        this.lastPlaced = lastPlaced.stream().map(Operation::toString).toList();
        this.unplaced = unplaced.toString();
        this.open = open.limit(MOST_TO_SHOW).map(Operation::toString).toList();
    }

    Violation violation(String key) {
        return new Violation(
                key,
                knownPlaced + unknownPlaced,
                lastPlaced,
                states.stream().map(Object::toString).toList(),
                unplaced,
                open);
    }
}
