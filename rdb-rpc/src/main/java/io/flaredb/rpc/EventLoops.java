package io.flaredb.rpc;

import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import io.grpc.netty.shaded.io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * The threads that serve the connections of an {@link RpcServer}: each connection has one of them,
 * on which its calls arrive and its answers are sent. Thread-safe.
 */
public final class EventLoops implements AutoCloseable {
    private static final int LOOPS = 2 * Runtime.getRuntime().availableProcessors();

    private static final long CLOSE_SECONDS = 5;

    private final EventLoopGroup group =
            new MultiThreadIoEventLoopGroup(
                    LOOPS, new DefaultThreadFactory("rpc", true), NioIoHandler.newFactory());

    EventLoopGroup group() {
        return group;
    }

    /**
     * The loop that the caller runs on. What it is given runs there, one after the other, in the
     * order given, after what the loop is at now.
     *
     * @throws IllegalStateException if the caller runs on none of these
     */
    public Executor current() {
        for (EventExecutor loop : group) {
            if (loop.inEventLoop()) {
                return loop;
            }
        }
        throw new IllegalStateException("not on an event loop: " + Thread.currentThread());
    }

    /** To be closed after the server. What was given to a loop still runs. */
    @Override
    public void close() {
        group.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS);
    }
}
