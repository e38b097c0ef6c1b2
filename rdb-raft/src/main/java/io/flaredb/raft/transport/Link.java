package io.flaredb.raft.transport;

import com.alipay.sofa.jraft.error.RemotingException;
import com.alipay.sofa.jraft.rpc.InvokeCallback;
import com.google.protobuf.Message;
import io.flaredb.proto.raft.RaftGrpc;
import io.flaredb.rpc.HostAndPort;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The connection to one store: a stream for entries, another for signs of life. Thread-safe. */
final class Link {
    /** gRPC waits ever longer before it connects again, up to two minutes: far too long for us. */
    private static final long SHORTEST_RECONNECT_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final HostAndPort address;
    private final ManagedChannel channel;
    private final RaftGrpc.RaftStub stub;
    private final CallStream entries;
    private final CallStream signsOfLife;
    private final AtomicLong lastReconnectNanos = new AtomicLong(System.nanoTime());

    Link(long storeId, HostAndPort address, ManagedChannel channel, Executor callbacks) {
        this.address = address;
        this.channel = channel;
        this.stub = RaftGrpc.newStub(channel);
        String name = "store " + Long.toUnsignedString(storeId) + " at " + address;
        this.entries = new CallStream(name, stub::replicate, callbacks);
        this.signsOfLife = new CallStream(name, stub::heartbeat, callbacks);
    }

    HostAndPort address() {
        return address;
    }

    RaftGrpc.RaftStub stub() {
        reconnectSoon();
        return stub;
    }

    /** See {@link CallStream#call}. */
    void call(Message request, InvokeCallback callback, long timeoutMillis)
            throws RemotingException {
        reconnectSoon();
        (FrameTypes.isUrgent(request) ? signsOfLife : entries)
                .call(request, callback, timeoutMillis);
    }

    void sweep(long nowNanos) {
        entries.sweep(nowNanos);
        signsOfLife.sweep(nowNanos);
    }

    void close() {
        entries.close();
        signsOfLife.close();
        channel.shutdownNow();
    }

    private void reconnectSoon() {
        if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
            long last = lastReconnectNanos.get();
            long now = System.nanoTime();
            if (now - last >= SHORTEST_RECONNECT_NANOS
                    && lastReconnectNanos.compareAndSet(last, now)) {
                channel.resetConnectBackoff();
            }
        }
    }
}
