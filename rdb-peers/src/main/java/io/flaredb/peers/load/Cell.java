package io.flaredb.peers.load;

import io.flaredb.bench.Workload;
import java.util.Locale;

/**
 * One of the loads that are compared.
 *
 * @param inFlight operations under way at any time
 */
public record Cell(Workload workload, int inFlight) implements Comparable<Cell> {
    public Cell {
        if (inFlight < 1) {
            throw new IllegalArgumentException("in-flight is " + inFlight + ": at least 1");
        }
    }

    /** Reads what {@link #toString()} says, for example {@code put:64}. */
    public static Cell parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("no workload:in-flight: " + text);
        }
        return new Cell(
                Workload.valueOf(text.substring(0, colon).toUpperCase(Locale.ROOT)),
                Integer.parseInt(text.substring(colon + 1)));
    }

    @Override
    public int compareTo(Cell other) {
        int byWorkload = workload.compareTo(other.workload);
        return byWorkload != 0 ? byWorkload : Integer.compare(inFlight, other.inFlight);
    }

    @Override
    public String toString() {
        return workload.name().toLowerCase(Locale.ROOT) + ":" + inFlight;
    }
}
