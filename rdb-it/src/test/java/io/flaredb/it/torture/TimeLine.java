package io.flaredb.it.torture;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What was done to the cluster and when. For the torture's thread. */
final class TimeLine {
    /**
     * A fault from its begin to its end.
     *
     * @param fromNanos since the start of the load
     */
    record Span(FaultClass fault, long fromNanos, long toNanos) {}

    private final Tally clock;
    private final List<String> lines = new ArrayList<>();
    private final List<Span> spans = new ArrayList<>();
    private final Map<FaultClass, Integer> counts = new EnumMap<>(FaultClass.class);

    TimeLine(Tally clock) {
        this.clock = clock;
    }

    /** Notes and prints a line. */
    @SuppressWarnings("SystemOut") // the run's record, for the person who started it
    void say(String text) {
        String line = "%7.1f s  %s".formatted(clock.nanos() / 1e9, text);
        lines.add(line);
        System.out.println("torture: " + line);
    }

    /** Notes a fault; it counts if it took effect. */
    void began(FaultClass fault, Fault.Deed deed) {
        if (deed.tookEffect()) {
            counts.merge(fault, 1, Integer::sum);
        }
        say(fault.option() + ": " + deed.text());
    }

    void lasted(FaultClass fault, long fromNanos) {
        spans.add(new Span(fault, fromNanos, clock.nanos()));
    }

    long nanos() {
        return clock.nanos();
    }

    List<String> lines() {
        return lines;
    }

    List<Span> spans() {
        return spans;
    }

    /** Faults that took effect. */
    Map<FaultClass, Integer> counts() {
        return counts;
    }

    /** Like {@code kill:3,pause:2}. */
    String summary() {
        return counts.entrySet().stream()
                .map(each -> each.getKey().option() + ":" + each.getValue())
                .collect(Collectors.joining(","));
    }
}
