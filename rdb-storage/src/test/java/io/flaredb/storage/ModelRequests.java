package io.flaredb.storage;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What one region should remember of numbered writes, said with plain maps and without bounds. */
final class ModelRequests {
    private final Map<SessionId, Remembered> sessions = new HashMap<>();
    private long clock;
    private long rememberedFrom;

    /** Fates by sequence; {@link Fate.NeverDone} for what was settled before it came. */
    private static final class Remembered {
        private final Map<Long, Fate> fates = new HashMap<>();
        private long lowest;
        private long lastActive;
    }

    /**
     * @param decide what the write comes to if it is new
     */
    Fate apply(RequestId id, long now, Supplier<Outcome> decide) {
        clock = Math.max(clock, now);
        Fate known = find(id);
        if (known == null) {
            Outcome outcome = decide.get();
            remember(id, new Fate.Repeat(withoutValue(outcome)));
            return new Fate.First(outcome);
        }
        use(id);
        return known instanceof Fate.NeverDone ? new Fate.Forgotten(rememberedFrom) : known;
    }

    Fate settle(RequestId id, long now) {
        clock = Math.max(clock, now);
        Fate known = find(id);
        if (known == null) {
            remember(id, new Fate.NeverDone());
            return new Fate.NeverDone();
        }
        use(id);
        return known;
    }

    void forgetIdle(long before) {
        sessions.entrySet()
                .removeIf(entry -> {
                    boolean idle = entry.getValue().lastActive < before;
                    if (idle) {
                        rememberedFrom = Math.max(rememberedFrom, entry.getKey().startMillis() + 1);
                    }
                    return idle;
                });
    }

    private @Nullable Fate find(RequestId id) {
        Remembered session = sessions.get(SessionId.of(id));
        if (session == null) {
            return id.sessionStartMillis() < rememberedFrom
                    ? new Fate.Forgotten(rememberedFrom)
                    : null;
        }
        return id.sequence() < session.lowest
                ? new Fate.Forgotten(rememberedFrom)
                : session.fates.get(id.sequence());
    }

    private void remember(RequestId id, Fate fate) {
        sessions.computeIfAbsent(SessionId.of(id), any -> new Remembered())
                .fates
                .put(id.sequence(), fate);
        use(id);
    }

    private void use(RequestId id) {
        Remembered session = sessions.get(SessionId.of(id));
        if (session != null) {
            session.lowest = Math.max(session.lowest, id.lowestInFlight());
            session.lastActive = clock;
        }
    }

    private static Outcome withoutValue(Outcome outcome) {
        return outcome instanceof Outcome.Conflict(long version, var _)
                ? new Outcome.Conflict(version, null)
                : outcome;
    }
}
