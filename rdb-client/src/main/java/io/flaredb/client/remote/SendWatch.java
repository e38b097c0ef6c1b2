package io.flaredb.client.remote;

import io.grpc.Attributes;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;

/**
 * Notes when a call is given to a connection. Before that nothing of it can have been sent: it
 * waits in this process for a connection. The moment the bytes leave would be a closer bound, but
 * gRPC tells of it only afterwards.
 */
final class SendWatch extends ClientStreamTracer.Factory {
    private volatile boolean maybeSent;

    /** False: the peer has surely seen nothing of the call. */
    boolean maybeSent() {
        return maybeSent;
    }

    @Override
    public ClientStreamTracer newClientStreamTracer(
            ClientStreamTracer.StreamInfo info, Metadata headers) {
        return new ClientStreamTracer() {
            @Override
            public void streamCreated(Attributes transport, Metadata headers) {
                maybeSent = true;
            }
        };
    }
}
