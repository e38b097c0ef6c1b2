package io.flaredb.client;

import io.flaredb.client.retry.Deadline;
import io.flaredb.client.retry.RetryLoop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Starts operations: gives each its deadline, bounds how many are under way, and hands results over
 * on the thread they are meant for.
 */
final class Calls {
    private final FlareDbOptions options;
    private final Lifecycle lifecycle;
    private final @Nullable Executor handOver; // null: on whichever thread has the result

    private Calls(FlareDbOptions options, Lifecycle lifecycle, @Nullable Executor handOver) {
        this.options = options;
        this.lifecycle = lifecycle;
        this.handOver = handOver;
    }

    /** For the blocking views: the waiting thread is woken straight from the network thread. */
    static Calls direct(FlareDbOptions options, Lifecycle lifecycle) {
        return new Calls(options, lifecycle, null);
    }

    /** For the asynchronous views: whatever the caller hangs on a future may block. */
    static Calls handingOver(FlareDbOptions options, Lifecycle lifecycle) {
        return new Calls(options, lifecycle, options.executor());
    }

    /** What operations of all views share: whether the client is open, and the bound. */
    static final class Lifecycle {
        private final Semaphore free;
        private volatile boolean closed;

        Lifecycle(FlareDbOptions options) {
            this.free = new Semaphore(options.maxInFlight());
        }

        void close() {
            closed = true;
        }
    }

    /**
     * Starts one operation. Throws nothing but errors; the future never fails with a
     * CompletionException.
     */
    <T extends @Nullable Object> CompletableFuture<T> start(
            Function<Deadline, CompletableFuture<T>> operation) {
        if (lifecycle.closed) {
            return CompletableFuture.failedFuture(new RefusedException("this client is closed"));
        }
        if (!lifecycle.free.tryAcquire()) {
            return CompletableFuture.failedFuture(
                    new UnavailableException(
                            options.maxInFlight()
                                    + " operations are in flight, as many as max-in-flight"
                                    + " allows"));
        }
        CompletableFuture<T> running;
        try {
            running = operation.apply(Deadline.after(options.timeout()));
        } catch (RuntimeException e) { // an invalid request, say
            running = CompletableFuture.failedFuture(e);
        } catch (Error e) {
            lifecycle.free.release();
            throw e;
        }
        CompletableFuture<T> result = new CompletableFuture<>();
        boolean sameThread = handOver == null || running.isDone();
        running.whenComplete((answer, error) -> {
            lifecycle.free.release();
            if (sameThread) {
                end(result, answer, error);
            } else {
                handOver(result, answer, error);
            }
        });
        return result;
    }

    private <T extends @Nullable Object> void handOver(
            CompletableFuture<T> result, T answer, @Nullable Throwable error) {
        try {
            options.executor().execute(() -> end(result, answer, error));
        } catch (RuntimeException | Error notTaken) { // it is shut down, or has no thread left
            end(result, answer, error); // better on the wrong thread than never
        }
    }

    private <T extends @Nullable Object> void end(
            CompletableFuture<T> result, T answer, @Nullable Throwable error) {
        if (error == null) {
            result.complete(answer);
            return;
        }
        Throwable cause = RetryLoop.unwrap(error);
        if (cause instanceof OutcomeUnknownException unknown) {
            unknown.completesOn(options.executor());
        }
        result.completeExceptionally(cause);
    }
}
