package io.flaredb.it.torture;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What must not happen and did. Thread-safe. */
final class Problems {
    /** Kinds, as the summary names them. */
    enum Kind {
        /** Answers of a key that fit no order. */
        VIOLATION,
        /** An acknowledged write that is not there. */
        LOST,
        /** A write that took effect twice. */
        DOUBLED,
        /** A version that stood for two writes of a key. */
        REUSED_VERSION,
        /** A timestamp that did not grow. */
        REPEATED_TIMESTAMP,
        /** Replicas of a region that hold different records. */
        REPLICAS_DIFFER,
        /** An answer or error that no fault explains. */
        UNEXPECTED_ERROR,
        /** A server or PD that ended by itself, though none of its faults asks for that. */
        UNEXPECTED_END,
        /** No recovery in time once all faults were over. */
        NOT_RECOVERED,
        /** Clients that knew their route stood still because the PD was away. */
        NEEDED_PD
    }

    /** Enough to understand, and a bound. */
    private static final int MOST_KEPT_OF_A_KIND = 20;

    @GuardedBy("this")
    private final Map<Kind, Integer> counts = new EnumMap<>(Kind.class);

    @GuardedBy("this")
    private final List<String> kept = new ArrayList<>();

    synchronized void report(Kind kind, String text) {
        int count = counts.merge(kind, 1, Integer::sum);
        if (count <= MOST_KEPT_OF_A_KIND) {
            kept.add(kind + ": " + text);
        }
    }

    synchronized int count(Kind kind) {
        return counts.getOrDefault(kind, 0);
    }

    synchronized boolean none() {
        return counts.isEmpty();
    }

    /** The first of each kind, in the order in which they were found. */
    synchronized List<String> all() {
        return List.copyOf(kept);
    }
}
