package io.flaredb.server.log;

import io.flaredb.storage.Fate;
import io.flaredb.storage.Outcome;

/**
 * Bounds the values that conflicts of one run of entries bring along: the results of all its
 * entries are kept until the last one is applied, and a request of some bytes may meet the largest
 * value there is. Beyond the bound a conflict tells the version alone; since it had no effect, who
 * needs the value sends the write again. What a write comes to, and what is remembered of it, does
 * not depend on the bound.
 *
 * <p>A value that several conflicts share counts for each of them: each answer is a copy of it.
 *
 * <p>Belongs to the thread that applies the run.
 */
final class ConflictValues {
    /**
     * Twice what a run takes, but for its last entry, so that swaps of values as large as those
     * they meet do not come to it. And several of the largest values: the first conflicts of each
     * run bring theirs, so who sends the write again gets it in the end.
     */
    static final long MAX_BYTES = 16L << 20;

    private long bytes; // so far

    /** What came of a write, with no more than there is room for. */
    Fate bounded(Fate fate) {
        if (!(fate instanceof Fate.First(Outcome.Conflict conflict))) {
            return fate;
        }
        var value = conflict.currentValue();
        if (value == null) {
            return fate;
        }
        if (bytes + value.size() > MAX_BYTES) {
            return new Fate.First(conflict.withoutValue());
        }
        bytes += value.size();
        return fate;
    }
}
