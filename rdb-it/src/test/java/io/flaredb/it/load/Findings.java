package io.flaredb.it.load;

import io.flaredb.client.FlareDbException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;

/** What a load has done, and what it has found to be wrong. Thread-safe. */
public final class Findings {
    /** How the database can be wrong. */
    public enum Kind {
        /** An acknowledged write is gone, or something was read that nobody wrote. */
        LOST_WRITE,
        /** A version went back, or came twice with different values. */
        WRONG_VERSION,
        /** A timestamp came twice, or was not above one given out before it was asked for. */
        WRONG_TIMESTAMP,
        /** A writer met an error that no operation should end with. */
        UNEXPECTED_ERROR
    }

    /** One wrong thing. */
    public record Finding(Kind kind, String what) {}

    private static final int MOST_FAILURES = 20;

    private final Queue<Finding> findings = new ConcurrentLinkedQueue<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final LongAdder acknowledged = new LongAdder();
    private final LongAdder unknown = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder timestamps = new LongAdder();

    void report(Kind kind, String what) {
        findings.add(new Finding(kind, what));
    }

    void acknowledged() {
        acknowledged.increment();
    }

    void unknown(FlareDbException failure) {
        unknown.increment();
        remember(failure);
    }

    void refused(FlareDbException failure) {
        refused.increment();
        remember(failure);
    }

    private void remember(FlareDbException failure) {
        if (failures.size() < MOST_FAILURES) {
            failures.add(failure.toString());
        }
    }

    /** What the first operations that ended with an exception ended with. */
    public List<String> firstFailures() {
        return List.copyOf(failures);
    }

    void timestamps(int count) {
        timestamps.add(count);
    }

    public List<Finding> all() {
        return List.copyOf(findings);
    }

    /** Writes that were acknowledged. */
    public long acknowledgedWrites() {
        return acknowledged.sum();
    }

    /** Operations that ended with an exception: refused, not possible in time, or unknown. */
    public long failedOperations() {
        return unknown.sum() + refused.sum();
    }

    public long timestampsGiven() {
        return timestamps.sum();
    }

    /** One line of all counts. */
    public String summary() {
        Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
        findings.forEach(finding -> counts.merge(finding.kind(), 1, Integer::sum));
        return "acknowledged=%d unknown=%d refused=%d timestamps=%d lost=%d wrong-versions=%d"
                        .formatted(
                                acknowledged.sum(),
                                unknown.sum(),
                                refused.sum(),
                                timestamps.sum(),
                                counts.getOrDefault(Kind.LOST_WRITE, 0),
                                counts.getOrDefault(Kind.WRONG_VERSION, 0))
                + " repeated-timestamps=%d unexpected-errors=%d"
                        .formatted(
                                counts.getOrDefault(Kind.WRONG_TIMESTAMP, 0),
                                counts.getOrDefault(Kind.UNEXPECTED_ERROR, 0));
    }
}
