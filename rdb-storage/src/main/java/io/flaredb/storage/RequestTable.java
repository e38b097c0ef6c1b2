package io.flaredb.storage;

import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the numbered writes of one region ended: what makes a repeat harmless. (DESIGN, "Exactly
 * once"; the sessions are those of Ongaro's dissertation, section 6.3, but begin by themselves.)
 *
 * <p>It changes only by entries of the region's log, and by nothing but what is in them, so that
 * all replicas remember and forget the same at the same index. Three things bound it: a window of
 * sequences for each session, a number of sessions and a number of bytes; of too many sessions the
 * longest idle is forgotten. What tells a forgotten session from a new one is the start that
 * sessions carry: none that began before {@code rememberedFrom} is taken for new. So a clock that
 * is wrong makes a client begin a session anew, never a write happen twice.
 *
 * <p>Belongs to the thread that applies the region's log; {@link #idleSinceMillis} and {@link
 * #rememberedFromMillis} may be asked by any.
 */
final class RequestTable {
    /** Most sequences of a session that are remembered, up to the highest one seen. */
    static final int WINDOW = 8_192;

    static final int MAX_SESSIONS = 10_000;
    static final long MAX_BYTES = 32L << 20;

    private final LinkedHashMap<SessionId, Session> sessions = new LinkedHashMap<>(); // idle first
    private long clockMillis; // the highest the log has told
    private volatile long rememberedFromMillis; // written by the apply thread
    private long bytes;
    private volatile long idleSinceMillis = Long.MAX_VALUE;

    /**
     * @param stored in the order in which they were last active
     */
    RequestTable(long clockMillis, long rememberedFromMillis, List<Session> stored) {
        this.clockMillis = clockMillis;
        this.rememberedFromMillis = rememberedFromMillis;
        for (Session session : stored) {
            sessions.put(session.id(), session);
            bytes += session.bytes();
        }
        noteIdle();
    }

    long clockMillis() {
        return clockMillis;
    }

    /** No session that began then or later was forgotten. */
    long rememberedFromMillis() {
        return rememberedFromMillis;
    }

    /** Idle ones first. */
    Collection<Session> sessions() {
        return Collections.unmodifiableCollection(sessions.values());
    }

    /** When the session that is idle for the longest was last active; the largest long: none is. */
    long idleSinceMillis() {
        return idleSinceMillis;
    }

    /** Looks at what the log's leader said the time is. */
    void tick(long nowMillis) {
        clockMillis = Math.max(clockMillis, nowMillis);
    }

    /** What is known of a write; null: it is new. */
    @Nullable Fate find(RequestId id) {
        Session session = sessions.get(SessionId.of(id));
        if (session == null) {
            return id.sessionStartMillis() < rememberedFromMillis ? forgotten() : null;
        }
        byte[] outcome = session.outcome(id.sequence());
        if (outcome == null) {
            return id.sequence() < session.lowest() ? forgotten() : null;
        }
        return OutcomeCodec.isNeverDone(outcome)
                ? new Fate.NeverDone()
                : new Fate.Repeat(OutcomeCodec.decode(outcome));
    }

    Fate.Forgotten forgotten() {
        return new Fate.Forgotten(rememberedFromMillis);
    }

    /** Notes that a session that is known is in use. */
    void touch(RequestId id, long place, RequestChanges changes) {
        Session session = sessions.get(SessionId.of(id));
        if (session != null) {
            use(session, id, place, changes);
        }
    }

    /** Remembers how a write that is new ended. */
    void remember(RequestId id, long place, byte[] outcome, RequestChanges changes) {
        SessionId sessionId = SessionId.of(id);
        Session session = sessions.get(sessionId);
        if (session == null) {
            session = new Session(sessionId, 1, clockMillis, place);
        }
        long before = session.bytes();
        session.remember(id.sequence(), outcome);
        session.raiseLowest(id.sequence() - WINDOW + 1);
        bytes += session.bytes() - before;
        changes.remembered(session, id.sequence());
        use(session, id, place, changes);
        makeRoom(session, changes);
    }

    private void use(Session session, RequestId id, long place, RequestChanges changes) {
        long before = session.bytes();
        session.raiseLowest(id.lowestInFlight());
        bytes += session.bytes() - before;
        session.touch(clockMillis, place);
        sessions.remove(session.id());
        sessions.put(session.id(), session); // to the end
        changes.touched(session);
    }

    private void makeRoom(Session inUse, RequestChanges changes) {
        while (sessions.size() > MAX_SESSIONS || (bytes > MAX_BYTES && sessions.size() > 1)) {
            forget(sessions.values().iterator().next(), changes);
        }
        while (bytes > MAX_BYTES && inUse.outcomes().size() > 1) {
            bytes -= inUse.bytes();
            inUse.dropFirst();
            bytes += inUse.bytes();
        }
    }

    /** Forgets the sessions that have been idle since before a time. */
    void forgetIdle(long beforeMillis, RequestChanges changes) {
        Iterator<Session> idle = sessions.values().iterator();
        while (idle.hasNext()) {
            Session session = idle.next();
            if (session.lastActiveMillis() >= beforeMillis) {
                break;
            }
            idle.remove();
            forgotten(session, changes);
        }
    }

    private void forget(Session session, RequestChanges changes) {
        sessions.remove(session.id());
        forgotten(session, changes);
    }

    private void forgotten(Session session, RequestChanges changes) {
        bytes -= session.bytes();
        rememberedFromMillis = Math.max(rememberedFromMillis, session.id().startMillis() + 1);
        changes.dropped(session);
    }

    /** To be called when changes are done. */
    void noteIdle() {
        idleSinceMillis =
                sessions.isEmpty()
                        ? Long.MAX_VALUE
                        : sessions.values().iterator().next().lastActiveMillis();
    }
}
