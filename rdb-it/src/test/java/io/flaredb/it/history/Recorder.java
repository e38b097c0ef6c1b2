package io.flaredb.it.history;

import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Records the operations of many client threads. Thread-safe.
 *
 * <p>Times are nanoseconds since the recorder was made, each given out once, so that they order all
 * events. A client notes a call before it sends anything and a return after it has the answer: the
 * recorded span then holds the real one, and no wrong order is ever claimed.
 */
public final class Recorder<I, O> {
    private final long startNanos = System.nanoTime();
    private final AtomicLong lastTime = new AtomicLong();
    private final AtomicInteger room;
    private final Queue<Call<I, O>> calls = new ConcurrentLinkedQueue<>();

    /**
     * @param capacity most calls to record, about 200 bytes each with short keys and values
     */
    public Recorder(int capacity) {
        room = new AtomicInteger(capacity);
    }

    /** Whether another call finds no room: the load should end. */
    public boolean isFull() {
        return room.get() <= 0;
    }

    /**
     * Notes that a client is about to send an operation. Unless the call is ended, its outcome is
     * unknown.
     *
     * @throws IllegalStateException if the recorder is full
     */
    public Call<I, O> call(int client, String key, I input) {
        if (room.getAndDecrement() <= 0) {
            throw new IllegalStateException("the history is full");
        }
        Call<I, O> call = new Call<>(this, client, key, input);
        calls.add(call);
        return call;
    }

    /** All operations so far that may have had an effect, or whose answer tells something. */
    public List<Operation<I, O>> history() {
        return calls.stream().map(Call::operation).flatMap(Optional::stream).toList();
    }

    private long tick() {
        long now = System.nanoTime() - startNanos;
        return lastTime.updateAndGet(last -> Math.max(last + 1, now));
    }

    /** An operation under way. Owned by the client's thread, which ends it once or never. */
    public static final class Call<I, O> {
        private final Recorder<I, O> recorder;
        private final int client;
        private final String key;
        private final I input;
        private final long calledAt;
        private volatile @Nullable Operation<I, O> returned;
        private volatile boolean dropped;

        private Call(Recorder<I, O> recorder, int client, String key, I input) {
            this.recorder = recorder;
            this.client = client;
            this.key = key;
            this.input = input;
            this.calledAt = recorder.tick();
        }

        /** The client has its answer. */
        public void returned(O output) {
            checkOpen();
            returned = Operation.returned(client, key, calledAt, recorder.tick(), input, output);
        }

        /**
         * The operation surely had no effect and told nothing: it was refused, or it was a read
         * without an answer.
         */
        public void hadNoEffect() {
            checkOpen();
            dropped = true;
        }

        private void checkOpen() {
            if (returned != null || dropped) {
                throw new IllegalStateException("ended already: " + input + " by " + client);
            }
        }

        private Optional<Operation<I, O>> operation() {
            if (dropped) {
                return Optional.empty();
            }
            Operation<I, O> done = returned;
            return Optional.of(
                    done != null ? done : Operation.unknown(client, key, calledAt, input));
        }
    }
}
