package io.flaredb.storage;

/**
 * Names one write, so that a repeat of it is told from a new one. (DESIGN, "Exactly once".)
 *
 * @param clientId random, drawn for each session; any bits
 * @param sessionStartMillis when the session began, by the client's clock; puts sessions in the
 *     order in which they may be forgotten, 0 to {@link #MAX_SESSION_START_MILLIS}
 * @param sequence of the write within its session, from 1
 * @param lowestInFlight the lowest sequence of the session that may come again, at most {@code
 *     sequence}; what is below is forgotten
 */
public record RequestId(
        long clientId, long sessionStartMillis, long sequence, long lowestInFlight) {
    /** Far behind every clock, and far from overflow. */
    public static final long MAX_SESSION_START_MILLIS = 1L << 62;

    public RequestId {
        if (sequence < 1) {
            throw new IllegalArgumentException(
                    "sequence of the request id is "
                            + Long.toUnsignedString(sequence)
                            + ": allowed are 1 to "
                            + Long.MAX_VALUE);
        }
        if (lowestInFlight < 0 || lowestInFlight > sequence) {
            throw new IllegalArgumentException(
                    "lowest sequence in flight of the request id is "
                            + Long.toUnsignedString(lowestInFlight)
                            + ": allowed are 0 to its sequence, "
                            + sequence);
        }
        if (sessionStartMillis < 0 || sessionStartMillis > MAX_SESSION_START_MILLIS) {
            throw new IllegalArgumentException(
                    "session start of the request id is "
                            + Long.toUnsignedString(sessionStartMillis)
                            + " ms: allowed are 0 to "
                            + MAX_SESSION_START_MILLIS);
        }
    }
}
