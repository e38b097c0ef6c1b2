package io.flaredb.it.history;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The points a search has been at: which operations were placed, and the state after them.
 *
 * <p>Of two points that differ only in operations of unknown outcome, the one that used fewer of
 * them can reach all that the other can, so the other is as good as visited. Without this rule the
 * points multiply with each unknown operation.
 */
final class Visited<S> {
    private static final int POINT_BYTES =
            300; // key, state, map entry, list, and the search's own step

    /**
     * Known operations are placed nearly in the order of their calls, so the set of them is a
     * prefix and a few more.
     *
     * @param prefix the number of operations before the first one not placed
     * @param beyond those placed of the rest, see {@link BitSet#toLongArray}
     */
    private record Point<S>(int prefix, long[] beyond, S state) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Point<?> point
                    && prefix == point.prefix
                    && Arrays.equals(beyond, point.beyond)
                    && state.equals(point.state);
        }

        @Override
        public int hashCode() {
            return (prefix * 31 + Arrays.hashCode(beyond)) * 31 + state.hashCode();
        }
    }

    private final Map<Point<S>, List<long[]>> unknownsByPoint = new HashMap<>();
    private long sizeBytes;

    /**
     * Notes a point; false if it, or one as good, was there before.
     *
     * @param prefix the first known operation not placed
     */
    boolean add(BitSet known, int prefix, BitSet unknown, S state) {
        long[] beyond = known.get(prefix, Math.max(prefix, known.length())).toLongArray();
        long[] used = unknown.toLongArray();
        List<long[]> before =
                unknownsByPoint.computeIfAbsent(
                        new Point<>(prefix, beyond, state), unused -> new ArrayList<>(1));
        for (long[] each : before) {
            if (isSubset(each, used)) {
                return false;
            }
        }
        before.removeIf(each -> isSubset(used, each));
        before.add(used);
        sizeBytes += POINT_BYTES + 8L * (beyond.length + used.length);
        return true;
    }

    /** An estimate, of what was ever added. */
    long sizeBytes() {
        return sizeBytes;
    }

    private static boolean isSubset(long[] small, long[] large) {
        if (small.length > large.length) {
            return false; // the last word of an array is not 0
        }
        for (int i = 0; i < small.length; i++) {
            if ((small[i] & ~large[i]) != 0) {
                return false;
            }
        }
        return true;
    }
}
