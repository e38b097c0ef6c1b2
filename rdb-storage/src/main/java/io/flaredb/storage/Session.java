package io.flaredb.storage;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is remembered of one session's writes. Belongs to its {@link RequestTable}. */
final class Session {
    /** About what an entry takes besides its outcome. */
    private static final int ENTRY_BYTES = 80;

    private final SessionId id;
    private final NavigableMap<Long, byte[]> outcomes = new TreeMap<>(); // by sequence
    private long lowest; // sequences below are forgotten
    private long lastActiveMillis;
    private long lastPlace; // in the log, see RequestKey
    private long bytes;

    Session(SessionId id, long lowest, long lastActiveMillis, long lastPlace) {
        this.id = id;
        this.lowest = lowest;
        this.lastActiveMillis = lastActiveMillis;
        this.lastPlace = lastPlace;
    }

    SessionId id() {
        return id;
    }

    long lowest() {
        return lowest;
    }

    long lastActiveMillis() {
        return lastActiveMillis;
    }

    long lastPlace() {
        return lastPlace;
    }

    /** About how much memory the outcomes take. */
    long bytes() {
        return bytes;
    }

    Map<Long, byte[]> outcomes() {
        return outcomes;
    }

    /** What is remembered of a block, see {@link OutcomeBlock}: a view, by sequence. */
    Map<Long, byte[]> outcomes(long block) {
        long first = OutcomeBlock.firstSequence(block);
        return outcomes.subMap(first, true, first + OutcomeBlock.SEQUENCES - 1, true);
    }

    byte @Nullable [] outcome(long sequence) {
        return outcomes.get(sequence);
    }

    void touch(long nowMillis, long place) {
        lastActiveMillis = nowMillis;
        lastPlace = place;
    }

    void remember(long sequence, byte[] outcome) {
        byte[] before = outcomes.put(sequence, outcome);
        bytes += outcome.length + (before == null ? ENTRY_BYTES : -before.length);
    }

    /** Forgets what is below {@code sequence}. */
    void raiseLowest(long sequence) {
        if (sequence > lowest) {
            lowest = sequence;
            while (!outcomes.isEmpty() && outcomes.firstKey() < lowest) {
                bytes -= outcomes.pollFirstEntry().getValue().length + ENTRY_BYTES;
            }
        }
    }

    /** Forgets the eldest write that is remembered. */
    void dropFirst() {
        raiseLowest(outcomes.firstKey() + 1);
    }
}
