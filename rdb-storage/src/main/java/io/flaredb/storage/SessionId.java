package io.flaredb.storage;

/** The session that a numbered write belongs to, see {@link RequestId}. */
record SessionId(long clientId, long startMillis) implements Comparable<SessionId> {
    static SessionId of(RequestId id) {
        return new SessionId(id.clientId(), id.sessionStartMillis());
    }

    @Override
    public int compareTo(SessionId other) {
        int clients = Long.compareUnsigned(clientId, other.clientId);
        return clients != 0 ? clients : Long.compare(startMillis, other.startMillis);
    }
}
