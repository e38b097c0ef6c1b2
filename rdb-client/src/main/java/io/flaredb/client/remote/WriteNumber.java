package io.flaredb.client.remote;

import io.flaredb.proto.kv.RequestId;

/** The number of one write: the same in all requests that are made for it. */
record WriteNumber(Session session, long sequence) {
    /** As a request carries it that is sent now. */
    RequestId id() {
        return session.id(sequence);
    }

    /** Nobody will ask for this write again. Repeating it does nothing. */
    void done() {
        session.done(sequence);
    }
}
