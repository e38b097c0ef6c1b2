package io.flaredb.it.history;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What came of checking a history.
 *
 * @param violations one for each key that no register could have answered for
 * @param undecided one for each key that took more than the limits allow
 */
public record Report(
        int keys, int operations, List<Violation> violations, List<Undecided> undecided) {
    /** Is the history linearizable? */
    public enum Verdict {
        LINEARIZABLE,
        VIOLATION,
        UNDECIDED
    }

    /**
     * A key whose answers fit no order.
     *
     * <p>The history up to the return of {@code unplaced} is the shortest that can't be explained.
     *
     * @param placed how many operations the longest explanation has
     * @param lastPlaced the end of that explanation, in its order
     * @param states in which the register could have been when {@code unplaced} returned
     * @param unplaced the operation that could not have been answered so in any of them
     * @param open other operations under way or of unknown outcome at that time, not placed either
     */
    public record Violation(
            String key,
            int placed,
            List<String> lastPlaced,
            List<String> states,
            String unplaced,
            List<String> open) {
        @Override
        public String toString() {
            return "key %s: no order explains the answers\n".formatted(key)
                    + "  explained are %d operations, at last\n".formatted(placed)
                    + lines(lastPlaced)
                    + "  after which the key could be in one of these states\n"
                    + lines(states)
                    + "  in none of which this could be answered\n"
                    + lines(List.of(unplaced))
                    + (open.isEmpty()
                            ? ""
                            : "  nor do these help, open at the time\n" + lines(open));
        }

        private static String lines(List<String> each) {
            return each.stream().map(line -> "    " + line + "\n").collect(Collectors.joining());
        }
    }

    /** A key that was given up on. */
    public record Undecided(String key, Reason reason) {
        /** The limit that ended the search. */
        public enum Reason {
            TIMEOUT,
            MEMORY
        }
    }

    /**
     * A violation outweighs keys that are undecided; without one they keep this from being fine.
     */
    public Verdict verdict() {
        if (!violations.isEmpty()) {
            return Verdict.VIOLATION;
        }
        return undecided.isEmpty() ? Verdict.LINEARIZABLE : Verdict.UNDECIDED;
    }

    /** A line with the verdict, then what is wrong. */
    @Override
    public String toString() {
        String summary =
                "%s: keys=%d operations=%d violations=%d undecided=%d\n"
                        .formatted(
                                verdict(), keys, operations, violations.size(), undecided.size());
        return summary
                + violations.stream().map(Violation::toString).collect(Collectors.joining())
                + undecided.stream()
                        .map(each -> "key " + each.key() + ": undecided, " + each.reason() + "\n")
                        .collect(Collectors.joining());
    }
}
