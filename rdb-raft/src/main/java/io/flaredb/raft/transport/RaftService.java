package io.flaredb.raft.transport;

import com.alipay.sofa.jraft.error.RaftError;
import com.alipay.sofa.jraft.rpc.Connection;
import com.alipay.sofa.jraft.rpc.RpcContext;
import com.alipay.sofa.jraft.rpc.RpcProcessor;
import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesRequestHeader;
import com.alipay.sofa.jraft.rpc.RpcRequests.ErrorResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.InstallSnapshotRequest;
import com.alipay.sofa.jraft.rpc.impl.core.AppendEntriesRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.InstallSnapshotRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.ReadIndexRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.RequestVoteRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.TimeoutNowRequestProcessor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.flaredb.proto.raft.FetchRegionRequest;
import io.flaredb.proto.raft.FetchRegionResponse;
import io.flaredb.proto.raft.Frame;
import io.flaredb.proto.raft.Frames;
import io.flaredb.proto.raft.RaftGrpc;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what other stores say to the groups of this one.
 *
 * <p>Entries go to the one thread of their group that takes entries from that leader, which keeps
 * their order; votes and heartbeats to a small pool. The library's remote administration is not
 * served.
 */
public final class RaftService extends RaftGrpc.RaftImplBase implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RaftService.class);

    private static final int SMALL_THREADS = 4;

    /** A vote or heartbeat that finds the queue full is not answered: it will be sent again. */
    private static final int MAX_SMALL_WAITING = 16_384;

    private static final int MAX_INSTALLING = 64;
    private static final long IDLE_SECONDS = 30;

    private final RegionSender sender;
    private final ThreadPoolExecutor small =
            pool(SMALL_THREADS, SMALL_THREADS, "raft-inbound", MAX_SMALL_WAITING);

    /** A replica that installs a snapshot holds its thread until it has everything. */
    private final ThreadPoolExecutor installing;

    private final AppendEntriesRequestProcessor append = new AppendEntriesRequestProcessor(small);
    private final RpcProcessor<InstallSnapshotRequest> install;
    private final RequestVoteRequestProcessor vote = new RequestVoteRequestProcessor(small);
    private final TimeoutNowRequestProcessor timeoutNow = new TimeoutNowRequestProcessor(small);
    private final ReadIndexRequestProcessor readIndex = new ReadIndexRequestProcessor(small);
    private volatile boolean dropping; // since a frame was taken last

    /**
     * @param sender answers who wants the records of a region
     */
    public RaftService(RegionSender sender) {
        this(
                sender,
                new ThreadPoolExecutor(
                        0,
                        MAX_INSTALLING,
                        IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new SynchronousQueue<>(),
                        threads("raft-install")));
    }

    /** The same with a pool to install in, for tests of what happens when it is busy. */
    RaftService(RegionSender sender, ThreadPoolExecutor installing) {
        this.sender = sender;
        this.installing = installing;
        this.install = new InstallSnapshotRequestProcessor(installing);
    }

    @Override
    public StreamObserver<Frames> replicate(StreamObserver<Frames> answers) {
        return inbound(answers);
    }

    @Override
    public StreamObserver<Frames> heartbeat(StreamObserver<Frames> answers) {
        return inbound(answers);
    }

    @Override
    public void fetchRegion(
            FetchRegionRequest request, StreamObserver<FetchRegionResponse> answers) {
        sender.send(request, (ServerCallStreamObserver<FetchRegionResponse>) answers);
    }

    /** Takes no more. */
    @Override
    public void close() {
        append.destroy();
        small.shutdown();
        installing.shutdown();
    }

    private StreamObserver<Frames> inbound(StreamObserver<Frames> answers) {
        ((ServerCallStreamObserver<Frames>) answers)
                .setOnCancelHandler(() -> {}); // without one, an answer to a gone stream throws
        FrameSender out = new FrameSender(answers);
        Inbound connection = new Inbound(answers);
        return new StreamObserver<>() {
            @Override
            public void onNext(Frames frames) {
                for (Frame frame : frames.getFramesList()) {
                    take(frame, connection, out);
                }
            }

            @Override
            public void onError(Throwable cause) {
                out.end();
                append.onClosed("", connection);
            }

            @Override
            public void onCompleted() {
                out.end();
                append.onClosed("", connection);
                connection.close();
            }
        };
    }

    private void take(Frame frame, Connection connection, FrameSender out) {
        Message request;
        try {
            request = FrameTypes.parseRequest(frame.getType(), frame.getMessage());
        } catch (InvalidProtocolBufferException e) {
            LOG.warn("a store sent what is no request: {}", e.getMessage());
            connection.close();
            return;
        }
        RpcContext context = new Answering(frame, connection, out);
        try {
            switch (frame.getType()) {
                case FRAME_TYPE_APPEND_ENTRIES ->
                        takeEntries((AppendEntriesRequest) request, context);
                case FRAME_TYPE_VOTE -> hand(vote, context, request);
                case FRAME_TYPE_TIMEOUT_NOW -> hand(timeoutNow, context, request);
                case FRAME_TYPE_READ_INDEX -> hand(readIndex, context, request);
                case FRAME_TYPE_INSTALL_SNAPSHOT -> takeSnapshot(request, context);
                case FRAME_TYPE_ERROR, FRAME_TYPE_UNSPECIFIED, UNRECOGNIZED ->
                        throw new IllegalStateException("parsed as a request: " + frame.getType());
            }
            dropping = false;
        } catch (RejectedExecutionException e) {
            if (!dropping) { // once, not for each: what it follows from must stay in sight
                dropping = true;
                LOG.warn("too much waits: a {} is dropped, and more", frame.getType());
            }
        }
    }

    private void takeEntries(AppendEntriesRequest request, RpcContext context) {
        if (FrameTypes.isHeartbeat(request)) {
            hand(append, context, request);
            return;
        }
        AppendEntriesRequestHeader header =
                AppendEntriesRequestHeader.newBuilder()
                        .setGroupId(request.getGroupId())
                        .setPeerId(request.getPeerId())
                        .setServerId(request.getServerId())
                        .build();
        Executor ordered = append.executorSelector().select(append.interest(), header);
        ordered.execute(() -> append.handleRequest(context, request));
    }

    /** One too many is told so: whoever asks waits for the answer as long as a copy may take. */
    private void takeSnapshot(Message request, RpcContext context) {
        try {
            hand(install, context, request);
        } catch (RejectedExecutionException e) {
            context.sendResponse(
                    ErrorResponse.newBuilder()
                            .setErrorCode(RaftError.EBUSY.getNumber())
                            .setErrorMsg("as many regions are being copied as may be")
                            .build());
        }
    }

    @SuppressWarnings("unchecked") // the frame's type says which
    private static <T> void hand(RpcProcessor<T> processor, RpcContext context, Message request) {
        Executor executor = processor.executor();
        executor.execute(() -> processor.handleRequest(context, (T) request));
    }

    private static ThreadPoolExecutor pool(int core, int max, String name, int maxWaiting) {
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(
                        core,
                        max,
                        IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(maxWaiting),
                        threads(name));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    private static ThreadFactory threads(String name) {
        return Thread.ofPlatform().daemon().name(name + "-", 1).factory();
    }

    /** Where the answer to a request goes. */
    private record Answering(Frame request, Connection connection, FrameSender out)
            implements RpcContext {
        @Override
        public void sendResponse(Object answer) {
            out.send(
                    Frame.newBuilder()
                            .setCall(request.getCall())
                            .setType(FrameTypes.ofAnswer(request.getType(), answer))
                            .setMessage(((Message) answer).toByteString())
                            .build());
        }

        @Override
        public Connection getConnection() {
            return connection;
        }

        @Override
        public String getRemoteAddress() {
            return "";
        }
    }

    /** A stream from another store, with what the library keeps about it. */
    private static final class Inbound implements Connection {
        private final StreamObserver<Frames> answers;
        private final Map<String, Object> attributes = new ConcurrentHashMap<>();

        Inbound(StreamObserver<Frames> answers) {
            this.answers = answers;
        }

        @Override
        public @Nullable Object getAttribute(String key) {
            return attributes.get(key);
        }

        @Override
        public void setAttribute(String key, Object value) {
            attributes.put(key, value);
        }

        @Override
        public @Nullable Object setAttributeIfAbsent(String key, Object value) {
            return attributes.putIfAbsent(key, value);
        }

        @Override
        public void close() {
            try {
                answers.onError(Status.UNAVAILABLE.withDescription("closed").asException());
            } catch (IllegalStateException e) {
                LOG.debug("the stream had ended already", e);
            }
        }
    }
}
