package io.flaredb.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Guesses what a mistyped command or option was meant to be. */
final class Suggestions {
    private static final int MAX_SUGGESTIONS = 3;

    private Suggestions() {}

    /**
     * The candidates that are few typing mistakes away, the nearest first. None for a single
     * letter, which is one mistake away from any other.
     */
    static List<String> nearest(String typed, Collection<String> candidates) {
        int letters = typed.replaceFirst("^-+", "").length();
        int most = letters == 1 ? 0 : Math.max(1, letters / 3);
        return candidates.stream()
                .filter(candidate -> distance(typed, candidate) <= most)
                .sorted(
                        Comparator.<String>comparingInt(candidate -> distance(typed, candidate))
                                .thenComparing(Comparator.naturalOrder()))
                .limit(MAX_SUGGESTIONS)
                .toList();
    }

    /**
     * How many letters must be put in, left out, replaced or swapped with their neighbour to make
     * {@code a} into {@code b} (Damerau-Levenshtein, optimal string alignment).
     */
    static int distance(String a, String b) {
        int[][] edits = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    edits[i][j] = i + j;
                    continue;
                }
                boolean same = a.charAt(i - 1) == b.charAt(j - 1);
                int best = edits[i - 1][j - 1] + (same ? 0 : 1);
                best = Math.min(best, Math.min(edits[i - 1][j], edits[i][j - 1]) + 1);
                if (i > 1
                        && j > 1
                        && a.charAt(i - 1) == b.charAt(j - 2)
                        && a.charAt(i - 2) == b.charAt(j - 1)) {
                    best = Math.min(best, edits[i - 2][j - 2] + 1);
                }
                edits[i][j] = best;
            }
        }
        return edits[a.length()][b.length()];
    }
}
