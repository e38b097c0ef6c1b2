package io.flaredb.client.remote;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Numbers the writes of one client. Goes on to another session where one is full, because thousands
 * of its writes are under way or one is never resolved, and where a region has forgotten it.
 * Thread-safe.
 */
final class Numbering {
    /**
     * Full sessions to come back to: with each new one a region has more to remember. Enough for as
     * many writes in flight as are allowed by default.
     */
    private static final int MAX_EARLIER = 16;

    private final SecureRandom random = new SecureRandom();
    private final LongSupplier clockMs;

    @GuardedBy("this")
    private final Deque<Session> earlier = new ArrayDeque<>(); // the eldest first

    /** Since when all regions remember sessions, as far as they have said. */
    @GuardedBy("this")
    private long rememberedFromMs;

    private volatile Session current;

    /**
     * @param clockMs milliseconds since 1970; need not be right
     */
    Numbering(LongSupplier clockMs) {
        this.clockMs = clockMs;
        this.current = begin(0);
    }

    private Session begin(long notBeforeMs) {
        return new Session(random.nextLong(), Math.max(clockMs.getAsLong(), notBeforeMs));
    }

    /** A number for a new write, in flight until {@link WriteNumber#done}. */
    WriteNumber next() {
        while (true) {
            Session session = current;
            long sequence = session.take();
            if (sequence != 0) {
                return new WriteNumber(session, sequence);
            }
            leave(session);
        }
    }

    private synchronized void leave(Session full) {
        if (current != full) {
            return; // someone else has done it
        }
        Session next = withRoom();
        if (earlier.size() == MAX_EARLIER) {
            earlier.removeFirst();
        }
        earlier.addLast(full);
        current = next == null ? begin(rememberedFromMs) : next;
    }

    @GuardedBy("this")
    private @Nullable Session withRoom() {
        for (Iterator<Session> all = earlier.iterator(); all.hasNext(); ) {
            Session session = all.next();
            if (session.hasRoom()) {
                all.remove();
                return session;
            }
        }
        return null;
    }

    /**
     * A region says that it may have forgotten a session.
     *
     * @param fromMs a session that begins then or later is not taken for a forgotten one
     */
    synchronized void forgotten(Session session, long fromMs) {
        long from = Math.max(rememberedFromMs, fromMs);
        rememberedFromMs = from;
        earlier.removeIf(each -> each == session || each.startMs() < from);
        if (current == session || current.startMs() < from) {
            current = begin(from);
        }
    }
}
