package io.flaredb.raft.transport;

import com.alipay.sofa.jraft.error.InvokeTimeoutException;
import com.alipay.sofa.jraft.error.RemotingException;
import com.alipay.sofa.jraft.rpc.InvokeCallback;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.flaredb.proto.raft.Frame;
import io.flaredb.proto.raft.Frames;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Calls to one store over one stream, which is opened when there is something to ask and again
 * after it broke. A broken stream fails all calls on it at once, so that their groups need not wait
 * for the timeout.
 *
 * <p>Thread-safe.
 */
final class CallStream {
    /** Requests without an answer; more are refused, the groups send them again a little later. */
    private static final long MAX_BYTES_IN_FLIGHT = 64L << 20;

    private final String name;
    private final Function<StreamObserver<Frames>, StreamObserver<Frames>> opener;
    private final Executor callbacks;
    private final Map<Long, Call> calls = new ConcurrentHashMap<>();
    private final AtomicLong lastCall = new AtomicLong();
    private final AtomicLong bytesInFlight = new AtomicLong();
    private @Nullable Stream current; // guarded by this

    private record Call(Stream stream, InvokeCallback callback, long bytes, long deadlineNanos) {}

    /**
     * @param opener starts a stream whose answers go to the observer
     * @param callbacks runs the callbacks that bring no executor
     */
    CallStream(
            String name,
            Function<StreamObserver<Frames>, StreamObserver<Frames>> opener,
            Executor callbacks) {
        this.name = name;
        this.opener = opener;
        this.callbacks = callbacks;
    }

    /**
     * Asks; never blocks. Requests arrive in the order in which one thread asks.
     *
     * @param callback told the answer or the failure, by its own executor
     * @throws RemotingException if it was surely not sent
     */
    void call(Message request, InvokeCallback callback, long timeoutMillis)
            throws RemotingException {
        Frame.Builder frame =
                Frame.newBuilder()
                        .setType(FrameTypes.ofRequest(request))
                        .setMessage(request.toByteString());
        long bytes = frame.getMessage().size();
        long before = bytesInFlight.getAndAdd(bytes);
        if (before > 0 && before + bytes > MAX_BYTES_IN_FLIGHT) {
            bytesInFlight.addAndGet(-bytes);
            throw new RemotingException(name + ": too much in flight");
        }
        Stream stream;
        try {
            stream = stream();
        } catch (RuntimeException e) {
            bytesInFlight.addAndGet(-bytes);
            throw new RemotingException(name + ": " + e.getMessage(), e);
        }
        long id = lastCall.incrementAndGet();
        calls.put(
                id,
                new Call(stream, callback, bytes, System.nanoTime() + timeoutMillis * 1_000_000));
        stream.sender().send(frame.setCall(id).build());
        if (stream.failure != null) {
            fail(id, stream.failure); // it ended before it could see this call
        }
    }

    /** Gives up calls whose time is over. */
    void sweep(long nowNanos) {
        calls.forEach((id, call) -> {
            if (nowNanos - call.deadlineNanos() > 0) {
                fail(id, new InvokeTimeoutException(name + ": no answer in time"));
            }
        });
    }

    /** Fails what waits. */
    synchronized void close() {
        if (current != null) {
            current.sender().end();
            current.close();
            current = null;
        }
    }

    private synchronized Stream stream() {
        if (current == null || current.failure != null) {
            Stream next = new Stream();
            next.open(opener.apply(next));
            current = next; // only now: before, it may not be written to
        }
        return current;
    }

    private void answer(Frame frame) {
        @Nullable Call call = calls.remove(frame.getCall());
        if (call == null) {
            return; // given up in the meantime
        }
        bytesInFlight.addAndGet(-call.bytes());
        try {
            Message answer = FrameTypes.parseAnswer(frame.getType(), frame.getMessage());
            run(call.callback(), () -> call.callback().complete(answer, null));
        } catch (InvalidProtocolBufferException e) {
            run(call.callback(), () -> call.callback().complete(null, e));
        }
    }

    private void fail(long id, Throwable failure) {
        @Nullable Call call = calls.remove(id);
        if (call != null) {
            bytesInFlight.addAndGet(-call.bytes());
            run(call.callback(), () -> call.callback().complete(null, failure));
        }
    }

    private void run(InvokeCallback callback, Runnable task) {
        Executor own = callback.executor();
        try {
            (own == null ? callbacks : own).execute(task);
        } catch (RejectedExecutionException e) {
            callbacks.execute(task); // the group that asked is closing, and its threads are gone
        }
    }

    /** One stream while it lasts. */
    private final class Stream implements StreamObserver<Frames> {
        private volatile @Nullable FrameSender sender;
        private volatile @Nullable StreamObserver<Frames> requests;
        private volatile @Nullable Throwable failure;

        void open(StreamObserver<Frames> opened) {
            requests = opened;
            sender = new FrameSender(opened);
        }

        FrameSender sender() {
            FrameSender opened = sender;
            if (opened == null) {
                throw new IllegalStateException("not open yet");
            }
            return opened;
        }

        void close() {
            StreamObserver<Frames> opened = requests;
            if (opened != null) {
                try {
                    opened.onCompleted();
                } catch (IllegalStateException e) {
                    // It ended by itself.
                }
            }
            ended(new RemotingException(name + ": closed"));
        }

        @Override
        public void onNext(Frames answers) {
            answers.getFramesList().forEach(CallStream.this::answer);
        }

        @Override
        public void onError(Throwable cause) {
            ended(new RemotingException(name + ": " + cause.getMessage(), cause));
        }

        @Override
        public void onCompleted() {
            ended(new RemotingException(name + ": the other side ended the stream"));
        }

        private void ended(Throwable cause) {
            if (failure == null) {
                failure = cause;
            }
            calls.forEach((id, call) -> {
                if (call.stream() == this) {
                    fail(id, cause);
                }
            });
        }
    }
}
