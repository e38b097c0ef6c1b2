package io.flaredb.client.remote;

import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.grpc.netty.shaded.io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Requests to one store that share a stream. What has come until the event loop gets to it goes out
 * in one message: the busier the client, the larger the messages. A request that comes alone leaves
 * alone, at once: the loop would have had to be woken to send it in any case.
 *
 * <p>{@link #send} is thread-safe; everything else belongs to the event loop.
 *
 * <p>A command is given up at its deadline wherever it is. If it was sent, the connection may be
 * dead without knowing; so those that follow go over a new stream, and the old one lives until its
 * last command is answered or given up.
 */
final class CommandQueue implements CommandStream.Owner {
    /**
     * Less than what often waits: the store works on one message while the next one is made, and
     * while the answers to the last one are taken in. For the same reason a message has no more
     * than half of the commands without an answer, unless these are few.
     */
    private static final int MAX_MESSAGE_COMMANDS = 64;

    private static final int FEW_COMMANDS = 16;

    /** A message is closed at this size; a single command may be larger. */
    private static final int MAX_MESSAGE_BYTES = 256 * 1024;

    private static final Status CLOSED = Status.UNAVAILABLE.withDescription("the client is closed");

    private static final long SHORTEST_SWEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final EventLoop loop;
    private final Channel channel;
    private final Runnable drain = this::drain;
    private final AtomicLong ids = new AtomicLong();

    private final Queue<Command<?>> arrived = new ConcurrentLinkedQueue<>(); // for the loop to take
    private final AtomicBoolean woken = new AtomicBoolean(); // the loop will look there

    // Event loop only.
    private final Deque<Command<?>> waiting = new ArrayDeque<>(); // bounded by max-in-flight
    private final List<CommandStream> streams = new ArrayList<>(); // all that are open
    private @Nullable CommandStream current; // takes commands; null: to be opened
    private @Nullable ScheduledFuture<?> sweep;
    private long sweepNanos; // of System.nanoTime, if there is a sweep

    /**
     * @param loop the one of the channel's connections
     */
    CommandQueue(EventLoop loop, Channel channel) {
        this.loop = loop;
        this.channel = channel;
    }

    /**
     * Sends a request soon; never blocks.
     *
     * @param timeoutNanos after which it fails with DEADLINE_EXCEEDED
     * @return fails with a {@link CallFailedException}; completed on the event loop
     */
    <Q, A> CompletableFuture<A> send(Way.Together<Q, A> way, Q request, long timeoutNanos) {
        Command<A> command = Command.of(ids.incrementAndGet(), way, request, timeoutNanos);
        arrived.add(command);
        if (!woken.get() && woken.compareAndSet(false, true)) {
            try {
                loop.execute(drain);
            } catch (RejectedExecutionException closed) {
                woken.set(false); // before looking: who comes later looks for itself
                for (Command<?> late = arrived.poll(); late != null; late = arrived.poll()) {
                    late.fail(CLOSED, false);
                }
            }
        }
        return command.result();
    }

    private void drain() {
        woken.set(false); // before looking: who comes later wakes the loop again
        long now = System.nanoTime();
        long nextNanos = Long.MAX_VALUE;
        for (Command<?> next = arrived.poll(); next != null; next = arrived.poll()) {
            waiting.add(next);
            nextNanos = Math.min(nextNanos, next.remainingNanos(now));
        }
        planSweep(now, nextNanos);
        sendWaiting();
    }

    private void sendWaiting() {
        if (loop.isShutdown()) { // and runs its last tasks: a new stream would end while it opens
            List<Command<?>> unsent = List.copyOf(waiting);
            waiting.clear();
            unsent.forEach(command -> command.fail(CLOSED, false));
            return;
        }
        while (!waiting.isEmpty()) {
            CommandStream stream = current;
            if (stream == null) {
                stream = CommandStream.open(loop, channel, this);
                streams.add(stream);
                current = stream;
            }
            if (!stream.isReady()) {
                return; // it will say when
            }
            stream.send(nextMessage(stream.unanswered()));
        }
    }

    private List<Command<?>> nextMessage(int unanswered) {
        int half = (waiting.size() + unanswered) / 2;
        int most = Math.min(Math.max(half, FEW_COMMANDS), MAX_MESSAGE_COMMANDS);
        List<Command<?>> message = new ArrayList<>(Math.min(waiting.size(), most));
        int bytes = 0;
        while (!waiting.isEmpty() && message.size() < most) {
            bytes += waiting.element().wire().getSerializedSize();
            if (bytes > MAX_MESSAGE_BYTES && !message.isEmpty()) {
                break;
            }
            message.add(waiting.remove());
        }
        return message;
    }

    @Override
    public void ready(CommandStream stream) {
        if (stream == current) {
            sendWaiting();
        }
    }

    @Override
    public void ended(CommandStream stream, Status status, List<Command<?>> unanswered) {
        streams.remove(stream);
        List<Command<?>> unsent = new ArrayList<>();
        if (stream == current) {
            current = null;
            if (!stream.wasReady()) {
                unsent.addAll(waiting);
                waiting.clear();
            }
        }
        unanswered.forEach(command -> command.fail(status, true));
        unsent.forEach(command -> command.fail(status, false));
        sendWaiting();
    }

    private void planSweep(long now, long afterNanos) {
        if (afterNanos == Long.MAX_VALUE) {
            return;
        }
        ScheduledFuture<?> planned = sweep;
        if (planned != null) {
            if (sweepNanos - now <= afterNanos) {
                return;
            }
            planned.cancel(false);
        }
        long pauseNanos = Math.max(SHORTEST_SWEEP_NANOS, afterNanos);
        sweepNanos = now + pauseNanos;
        try {
            sweep = loop.schedule(this::sweep, pauseNanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closed) {
            sweep = null; // closing has ended, or will end, all streams
        }
    }

    /** Gives up the commands whose time is over; one timer for all of them. */
    private void sweep() {
        sweep = null;
        long now = System.nanoTime();
        List<Command<?>> unsent = new ArrayList<>();
        List<Command<?>> unanswered = new ArrayList<>();
        long nextNanos = Long.MAX_VALUE;
        for (Command<?> command : waiting) {
            long remainingNanos = command.remainingNanos(now);
            if (remainingNanos <= 0) {
                unsent.add(command);
            } else {
                nextNanos = Math.min(nextNanos, remainingNanos);
            }
        }
        waiting.removeIf(command -> command.remainingNanos(now) <= 0);
        for (CommandStream stream : List.copyOf(streams)) {
            int before = unanswered.size();
            nextNanos = Math.min(nextNanos, stream.takeOverdue(now, unanswered));
            if (stream == current && unanswered.size() > before) {
                current = null;
            }
            if (stream != current && stream.unanswered() == 0) {
                stream.cancel();
            }
        }
        planSweep(now, nextNanos);
        // Before the callers are told: what they send next goes over a new connection.
        unanswered.forEach(command -> command.fail(Status.DEADLINE_EXCEEDED, true));
        unsent.forEach(command -> command.fail(Status.DEADLINE_EXCEEDED, false));
        sendWaiting();
    }
}
