package io.flaredb.raft.transport;

import io.flaredb.proto.raft.Frame;
import io.flaredb.proto.raft.Frames;
import io.grpc.stub.StreamObserver;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Puts frames on one stream, in the order in which they were handed over, together with whatever
 * else waits at the moment: a heartbeat of each of many groups is one message. No thread of its
 * own: whoever finds nobody sending does it, for the others too.
 *
 * <p>Thread-safe. The queue has no bound here; who asks is held to {@link CallStream}'s, and each
 * answer was asked for.
 */
final class FrameSender {
    /** Frames above this go in the next message, so that none comes near gRPC's limit. */
    private static final int MAX_MESSAGE_BYTES = 1 << 20;

    private final StreamObserver<Frames> stream;
    private final Queue<Frame> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger handedOver = new AtomicInteger();
    private volatile boolean ended;

    FrameSender(StreamObserver<Frames> stream) {
        this.stream = stream;
    }

    /** After the stream has ended this does nothing. */
    void send(Frame frame) {
        waiting.add(frame);
        if (handedOver.getAndIncrement() != 0) {
            return; // whoever is sending takes it along
        }
        int seen = 1;
        do {
            sendWaiting();
            seen = handedOver.addAndGet(-seen);
        } while (seen != 0);
    }

    /** Nothing is sent from now on. */
    void end() {
        ended = true;
    }

    private void sendWaiting() {
        for (Frame next = waiting.poll(); next != null; next = waiting.poll()) {
            Frames.Builder message = Frames.newBuilder();
            long bytes = 0;
            while (next != null) {
                message.addFrames(next);
                bytes += next.getMessage().size();
                next = bytes < MAX_MESSAGE_BYTES ? waiting.poll() : null;
            }
            if (!ended) {
                try {
                    stream.onNext(message.build());
                } catch (IllegalStateException e) {
                    ended = true; // closed under our hands; its observer is told why
                }
            }
        }
    }
}
