package io.flaredb.client.remote;

import io.flaredb.proto.kv.BatchAnswer;
import io.flaredb.proto.kv.BatchCommandsRequest;
import io.flaredb.proto.kv.BatchCommandsResponse;
import io.flaredb.proto.kv.FlareKvGrpc;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.grpc.netty.shaded.io.netty.util.collection.LongObjectHashMap;
import io.grpc.netty.shaded.io.netty.util.collection.LongObjectMap;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;

/**
 * One stream of commands to a store, from its opening to its end, and the commands that have no
 * answer yet. Belongs to its event loop, on which its connection lives too.
 *
 * <p>It takes commands only while it is on a connection. So a command that was given to it may have
 * been sent, and one that was not surely has not been.
 */
final class CommandStream extends ClientCall.Listener<BatchCommandsResponse> {
    /** Bytes that wait to be sent; what is beyond waits in the queue, where it can be given up. */
    private static final int READY_BYTES = 256 * 1024;

    private final EventLoop loop;
    private final Owner owner;
    private final ClientCall<BatchCommandsRequest, BatchCommandsResponse> call;
    private final LongObjectMap<Command<?>> inFlight = new LongObjectHashMap<>();
    private boolean wasReady;

    /** Told on the event loop. */
    interface Owner {
        /** The stream takes commands. */
        void ready(CommandStream stream);

        /**
         * Nothing comes any more.
         *
         * @param unanswered what may have been sent and has no answer
         */
        void ended(CommandStream stream, Status status, List<Command<?>> unanswered);
    }

    private CommandStream(EventLoop loop, Channel channel, Owner owner) {
        this.loop = loop;
        this.owner = owner;
        this.call =
                channel.newCall(
                        FlareKvGrpc.getBatchCommandsMethod(),
                        CallOptions.DEFAULT.withOnReadyThreshold(READY_BYTES));
    }

    /** Its end, should it come at once, is told later. */
    static CommandStream open(EventLoop loop, Channel channel, Owner owner) {
        CommandStream stream = new CommandStream(loop, channel, owner);
        stream.call.start(stream, new Metadata());
        stream.call.request(1);
        return stream;
    }

    /** Whether it takes commands now. */
    boolean isReady() {
        return call.isReady();
    }

    /** Whether it ever took commands: else there was no connection. */
    boolean wasReady() {
        return wasReady;
    }

    /** How many commands have no answer yet and were not given up. */
    int unanswered() {
        return inFlight.size();
    }

    /** Only while it {@link #isReady}. */
    void send(List<Command<?>> commands) {
        wasReady = true;
        BatchCommandsRequest.Builder message = BatchCommandsRequest.newBuilder();
        for (Command<?> command : commands) {
            inFlight.put(command.id(), command);
            message.addCommands(command.wire());
        }
        call.sendMessage(message.build());
    }

    /**
     * Takes out the commands whose time is over; their answers are ignored from now on.
     *
     * @return how long it is until the next one's time is over; a long time if there is none
     */
    long takeOverdue(long nowNanos, List<Command<?>> overdue) {
        long next = Long.MAX_VALUE;
        for (var entries = inFlight.entries().iterator(); entries.hasNext(); ) {
            Command<?> command = entries.next().value();
            long remainingNanos = command.remainingNanos(nowNanos);
            if (remainingNanos <= 0) {
                overdue.add(command);
                entries.remove();
            } else {
                next = Math.min(next, remainingNanos);
            }
        }
        return next;
    }

    void cancel() {
        call.cancel("no longer needed", null);
    }

    @Override
    public void onReady() {
        onLoop(() -> {
            if (call.isReady()) {
                wasReady = true;
                owner.ready(this);
            }
        });
    }

    @Override
    public void onMessage(BatchCommandsResponse response) {
        onLoop(() -> {
            for (BatchAnswer answer : response.getAnswersList()) {
                Command<?> command = inFlight.remove(answer.getId());
                if (command != null) { // else it was given up
                    command.answered(answer);
                }
            }
            call.request(1);
        });
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        later(() -> {
            List<Command<?>> unanswered = new ArrayList<>(inFlight.values());
            inFlight.clear();
            owner.ended(this, meaning(status), unanswered);
        });
    }

    /** What the stream died of says nothing about a request, unless the peer knows no streams. */
    private static Status meaning(Status status) {
        return switch (status.getCode()) {
            case OK, CANCELLED -> Status.UNAVAILABLE.withDescription("the store ended the stream");
            case INVALID_ARGUMENT, FAILED_PRECONDITION, OUT_OF_RANGE, NOT_FOUND, ALREADY_EXISTS ->
                    Status.INTERNAL.withDescription("the stream broke: " + status);
            default -> status;
        };
    }

    /** gRPC may also call from the thread that connects. */
    private void onLoop(Runnable event) {
        if (loop.inEventLoop()) {
            event.run();
        } else {
            later(event);
        }
    }

    private void later(Runnable event) {
        try {
            loop.execute(event);
        } catch (RejectedExecutionException closed) {
            event.run(); // the loop is no more, and nobody else does anything here
        }
    }
}
