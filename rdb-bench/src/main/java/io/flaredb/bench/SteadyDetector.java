package io.flaredb.bench;

import java.util.ArrayDeque;

/**
 * Tells when throughput has become steady: when the mean of the last windows differs by less than
 * 5% from the mean of those before them. Two spans are compared rather than single windows, since
 * one compaction or one slow fsync moves a single window by more than that for as long as one
 * looks.
 */
final class SteadyDetector {
    private static final double MOST_CHANGE = 0.05;

    private final int span;
    private final ArrayDeque<Double> last = new ArrayDeque<>();

    /**
     * @param span windows in each of the two means, at least 1
     */
    SteadyDetector(int span) {
        this.span = span;
    }

    void add(double perSecond) {
        last.addLast(perSecond);
        if (last.size() > 2 * span) {
            last.removeFirst();
        }
    }

    boolean isSteady() {
        if (last.size() < 2 * span) {
            return false;
        }
        double before = last.stream().limit(span).mapToDouble(each -> each).sum();
        double after = last.stream().skip(span).mapToDouble(each -> each).sum();
        return before > 0 && Math.abs(after - before) / before < MOST_CHANGE;
    }
}
