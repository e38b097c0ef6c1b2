package io.flaredb.client.remote;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.flaredb.proto.kv.RequestId;
import java.util.BitSet;

/**
 * The numbers of one session's writes: which are taken, and the lowest one that is still in flight.
 * Thread-safe.
 *
 * <p>Invariant: {@code lowest <= } each sequence in flight {@code < next <= lowest + CAPACITY}. So
 * a region, which remembers the last {@value #WINDOW} sequences up to the highest it has seen,
 * remembers each that is in flight.
 */
final class Session {
    /** Sequences that a region remembers of a session, see {@code RequestId}. */
    static final int WINDOW = 8_192;

    /** Some room is left, so that a slip of a few numbers on either side does no harm. */
    static final int CAPACITY = WINDOW - 192;

    private final long clientId;
    private final long startMs;

    /** Sequences that are in flight no more, from {@link #lowest} on, each modulo the window. */
    @GuardedBy("this")
    private final BitSet done = new BitSet(WINDOW);

    @GuardedBy("this")
    private long lowest = 1;

    @GuardedBy("this")
    private long next = 1;

    /**
     * @param startMs of 1970, as the regions are told
     */
    Session(long clientId, long startMs) {
        this.clientId = clientId;
        this.startMs = startMs;
    }

    long startMs() {
        return startMs;
    }

    /** Takes the next sequence, which is in flight from now on; 0: the window is full. */
    synchronized long take() {
        return next - lowest < CAPACITY ? next++ : 0;
    }

    /**
     * The client has the answer, or knows that nothing was sent. Repeating it does nothing.
     *
     * @param sequence one that was taken
     */
    synchronized void done(long sequence) {
        if (sequence < lowest) {
            return;
        }
        done.set(slot(sequence));
        while (lowest < next && done.get(slot(lowest))) {
            done.clear(slot(lowest));
            lowest++;
        }
    }

    private static int slot(long sequence) {
        return (int) (sequence % WINDOW);
    }

    /** Not above any sequence in flight, now or later. */
    synchronized long lowestInFlight() {
        return lowest;
    }

    /** Whether the window is at most half full: worth going back to. */
    synchronized boolean hasRoom() {
        return next - lowest <= CAPACITY / 2;
    }

    /**
     * What a request with this sequence carries that is sent now. Also one that is in flight no
     * more, as after a region has forgotten it: then a region may only say that it has.
     */
    RequestId id(long sequence) {
        return RequestId.newBuilder()
                .setClientId(clientId)
                .setSequence(sequence)
                .setLowestInFlight(Math.min(lowestInFlight(), sequence))
                .setSessionStartMs(startMs)
                .build();
    }
}
