package io.flaredb.client.remote;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.flaredb.client.CorruptionException;
import io.flaredb.client.TimestampRange;
import io.flaredb.client.Tso;
import io.flaredb.client.UnavailableException;
import io.flaredb.client.retry.Backoff;
import io.flaredb.client.retry.Deadline;
import io.flaredb.client.retry.RetryLoop;
import io.flaredb.client.retry.RetryableException;
import io.flaredb.client.retry.Timer;
import io.flaredb.proto.pd.GetTsoResponse;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Gets timestamps for all callers over one stream.
 *
 * <p>One message is under way at a time. Callers who come meanwhile wait, and the next message asks
 * for all of them together: the busier the client, the larger the messages. Timestamps of a message
 * that was lost are lost too, which does no harm; its callers are asked for again. So they are
 * where a message has no answer for part of their timeout: over a new stream and a new connection,
 * since the old one may be dead without knowing. What still comes over the old stream is ignored,
 * so that timestamps grow.
 *
 * <p>Invariants, under the lock:
 *
 * <ul>
 *   <li>{@code asked} holds the callers of the message under way, in the order in which its answer
 *       is dealt out; empty: there is no such message
 *   <li>{@code greatest} is the greatest timestamp ever received; the next answer lies above it
 * </ul>
 *
 * <p>Thread-safe. Futures are completed, and gRPC is called, outside the lock.
 */
final class TimestampStream implements TimestampCall.Listener, AutoCloseable {
    private static final long SHORTEST_SWEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private record Caller(int count, CompletableFuture<TimestampRange> result, Deadline deadline) {}

    private final PlacementClient placement;
    private final Channels channels;
    private final Timer timer;

    @GuardedBy("this")
    private final Deque<Caller> waiting = new ArrayDeque<>(); // bounded by max-in-flight

    @GuardedBy("this")
    private List<Caller> asked = List.of();

    @GuardedBy("this")
    private long askedNanos; // of System.nanoTime, when the message under way was begun

    @GuardedBy("this")
    private int inVain; // messages in a row that had no answer for as long as they might take

    @GuardedBy("this")
    private @Nullable TimestampCall stream;

    @GuardedBy("this")
    private Backoff backoff = RetryLoop.newBackoff();

    @GuardedBy("this")
    private boolean pausing; // until the timer fires after a failure

    @GuardedBy("this")
    private boolean sweepPlanned;

    @GuardedBy("this")
    private String lastFailure = ""; // since the last answer; empty: none

    @GuardedBy("this")
    private long greatest;

    @GuardedBy("this")
    private boolean closed;

    TimestampStream(PlacementClient placement, Channels channels, Timer timer) {
        this.placement = placement;
        this.channels = channels;
        this.timer = timer;
    }

    /**
     * @param count at most what one message may ask for
     */
    CompletableFuture<TimestampRange> next(int count, Deadline deadline) {
        Caller caller = new Caller(count, new CompletableFuture<>(), deadline);
        synchronized (this) {
            if (closed) {
                return CompletableFuture.failedFuture(RetryLoop.clientClosed());
            }
            waiting.add(caller);
            planSweep(caller);
        }
        askForWaiting();
        return caller.result();
    }

    private void askForWaiting() {
        TimestampCall through;
        int count = 0;
        synchronized (this) {
            if (!asked.isEmpty() || pausing || waiting.isEmpty() || closed) {
                return;
            }
            asked = new ArrayList<>();
            askedNanos = System.nanoTime();
            while (!waiting.isEmpty() && count + waiting.peek().count() <= Tso.MAX_COUNT) {
                Caller caller = waiting.remove();
                asked.add(caller);
                count += caller.count();
            }
            if (stream == null) {
                stream = new TimestampCall(channels.to(placement.address()), this);
            }
            through = stream;
        }
        through.ask(count); // no one else does: there is a message under way now
    }

    @Override
    public void answered(TimestampCall by, GetTsoResponse response) {
        List<Caller> callers;
        String wrong;
        synchronized (this) {
            if (by != stream) {
                return;
            }
            callers = asked;
            asked = List.of();
            wrong = problem(callers, response);
            if (wrong == null) {
                greatest = response.getFirst() + response.getCount() - 1;
                backoff = RetryLoop.newBackoff();
                inVain = 0;
                lastFailure = "";
            } else {
                stream = null;
            }
        }
        if (wrong == null) {
            dealOut(callers, response.getFirst());
        } else {
            by.cancel();
            callers.forEach(caller ->
                    caller.result().completeExceptionally(new CorruptionException(wrong)));
        }
        askForWaiting();
    }

    @GuardedBy("this")
    private @Nullable String problem(List<Caller> callers, GetTsoResponse response) {
        int count = callers.stream().mapToInt(Caller::count).sum();
        if (response.getCount() != count || count == 0) {
            return placement.name()
                    + " was asked for "
                    + count
                    + " timestamps and sent "
                    + Integer.toUnsignedString(response.getCount());
        }
        if (Long.compareUnsigned(response.getFirst(), greatest) <= 0) {
            return placement.name()
                    + " sent timestamp "
                    + Long.toUnsignedString(response.getFirst())
                    + " after "
                    + Long.toUnsignedString(greatest)
                    + ": timestamps must grow";
        }
        return null;
    }

    private static void dealOut(List<Caller> callers, long first) {
        long next = first;
        for (Caller caller : callers) {
            caller.result().complete(new TimestampRange(next, caller.count()));
            next += caller.count();
        }
    }

    @Override
    public void ended(TimestampCall by, CallFailedException failure) {
        RuntimeException meaning = Failures.ofRead(placement.name(), failure);
        boolean again = meaning instanceof RetryableException;
        List<Caller> refused = new ArrayList<>();
        long pauseNanos;
        synchronized (this) {
            if (by != stream) {
                return;
            }
            stream = null;
            for (int i = asked.size() - 1; i >= 0; i--) {
                waiting.addFirst(asked.get(i));
            }
            asked = List.of();
            lastFailure = String.valueOf(meaning.getMessage());
            pauseNanos = backoff.nextPauseNanos();
            pausing = again;
            if (!again) {
                refused.addAll(waiting);
                waiting.clear();
            }
        }
        refused.forEach(caller -> caller.result().completeExceptionally(meaning));
        if (again) {
            timer.after(pauseNanos, this::pauseOver);
        }
    }

    private void pauseOver() {
        synchronized (this) {
            pausing = false;
            if (closed) {
                return;
            }
        }
        channels.retryConnecting(placement.address());
        askForWaiting();
    }

    /**
     * @param oldest of the callers
     */
    @GuardedBy("this")
    private void planSweep(Caller oldest) {
        if (sweepPlanned) {
            return;
        }
        sweepPlanned = true;
        long afterNanos =
                Math.min(
                        oldest.deadline().remainingNanos(),
                        asked.isEmpty() ? patienceNanos(oldest) : untilHangingNanos());
        timer.after(Math.max(SHORTEST_SWEEP_NANOS, afterNanos), this::sweep);
    }

    @GuardedBy("this")
    private long patienceNanos(Caller oldest) {
        return Attempts.patienceNanos(oldest.deadline(), inVain);
    }

    /** How much longer the message under way may take. */
    @GuardedBy("this")
    private long untilHangingNanos() {
        return askedNanos + patienceNanos(asked.get(0)) - System.nanoTime();
    }

    /**
     * Ends the calls whose deadline is over, and a stream that does not answer; one timer for all
     * of them.
     */
    private void sweep() {
        List<Caller> over = new ArrayList<>();
        TimestampCall hanging = null;
        long sinceNanos;
        String why;
        synchronized (this) {
            sweepPlanned = false;
            if (closed) {
                return;
            }
            sinceNanos = askedNanos;
            why = lastFailure.isEmpty() ? notAnswered() : lastFailure;
            // Callers share one timeout, so the oldest comes first.
            while (!waiting.isEmpty() && waiting.peek().deadline().isOver()) {
                over.add(waiting.remove());
            }
            int askedOver = 0;
            while (askedOver < asked.size() && asked.get(askedOver).deadline().isOver()) {
                over.add(asked.get(askedOver));
                askedOver++;
            }
            if (!asked.isEmpty() && (askedOver == asked.size() || untilHangingNanos() <= 0)) {
                for (int i = asked.size() - 1; i >= askedOver; i--) {
                    waiting.addFirst(asked.get(i));
                }
                asked = List.of();
                hanging = stream;
                stream = null;
                inVain++;
                lastFailure = notAnswered();
                pausing = true; // until the next stream gets another connection
            }
            Caller next = askedOver < asked.size() ? asked.get(askedOver) : waiting.peek();
            if (next != null) {
                planSweep(next);
            }
        }
        if (hanging != null) {
            hanging.cancel();
            placement.failed(sinceNanos);
            pauseOver();
        }
        for (Caller caller : over) {
            caller.result()
                    .completeExceptionally(
                            new UnavailableException(why + caller.deadline().gaveUp()));
        }
        askForWaiting();
    }

    private String notAnswered() {
        return placement.name() + " has not answered";
    }

    /** Fails all callers. Closing twice is fine. */
    @Override
    public void close() {
        List<Caller> left = new ArrayList<>();
        TimestampCall open;
        synchronized (this) {
            closed = true;
            left.addAll(asked);
            left.addAll(waiting);
            asked = List.of();
            waiting.clear();
            open = stream;
            stream = null;
        }
        if (open != null) {
            open.cancel();
        }
        left.forEach(caller -> caller.result().completeExceptionally(RetryLoop.clientClosed()));
    }
}
