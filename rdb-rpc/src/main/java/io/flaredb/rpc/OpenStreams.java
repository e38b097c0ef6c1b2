package io.flaredb.rpc;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The streams of services that leave their end to the client, a health watch for example: a server
 * that stops would wait for them. Thread-safe.
 */
final class OpenStreams implements ServerInterceptor {
    private final Set<Stream<?, ?>> open = ConcurrentHashMap.newKeySet();
    private volatile boolean ended;

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        if (call.getMethodDescriptor().getType() == MethodType.UNARY) {
            return next.startCall(call, headers);
        }
        Stream<Q, R> stream = new Stream<>(call);
        open.add(stream);
        if (ended) { // or ending has missed this one
            stream.end();
        }
        return new SimpleForwardingServerCallListener<>(next.startCall(stream, headers)) {
            @Override
            public void onComplete() {
                open.remove(stream);
                super.onComplete();
            }

            @Override
            public void onCancel() {
                open.remove(stream);
                super.onCancel();
            }
        };
    }

    /** Ends all, with OK, and those that come later at once. */
    void end() {
        ended = true;
        open.forEach(Stream::end);
    }

    /** Its service does not know that it has ended, and may go on sending. */
    private static final class Stream<Q, R> extends SimpleForwardingServerCall<Q, R> {
        private boolean over; // guarded by this, as a call is not thread-safe

        Stream(ServerCall<Q, R> call) {
            super(call);
        }

        void end() {
            close(Status.OK, new Metadata());
        }

        @Override
        public synchronized void sendHeaders(Metadata headers) {
            if (!over) {
                super.sendHeaders(headers);
            }
        }

        @Override
        public synchronized void sendMessage(R message) {
            if (!over) {
                super.sendMessage(message);
            }
        }

        @Override
        public synchronized void close(Status status, Metadata trailers) {
            if (!over) {
                over = true;
                super.close(status, trailers);
            }
        }
    }
}
