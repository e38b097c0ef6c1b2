package io.flaredb.client;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.flaredb.client.retry.RetryLoop;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;

/**
 * Lends the thread that waits for a future to the tasks that lead to it, so that the function of a
 * blocking update runs on its caller's thread: with the caller's thread locals and stack, and with
 * no pool that callers and functions could fill up between them.
 */
final class CallerThread implements Executor {
    // Unbounded, but one update has at most one task at a time.
    private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();

    @GuardedBy("this")
    private boolean gone;

    /**
     * @throws RejectedExecutionException if the thread waits no more
     */
    @Override
    public synchronized void execute(Runnable task) {
        if (gone) {
            throw new RejectedExecutionException("the caller was interrupted");
        }
        tasks.add(task);
    }

    /**
     * Runs tasks until {@code future}, a write's, is done; called once.
     *
     * @param done what the answer means, for one who comes back after an interrupt
     * @param handOver what such a one's {@link OutcomeUnknownException#resolveAsync} completes on
     */
    <T> T runUntilDone(
            CompletableFuture<T> future, Function<? super T, Resolution> done, Executor handOver) {
        future.whenComplete((answer, error) -> tasks.add(() -> {}));
        try {
            while (!future.isDone()) {
                tasks.take().run();
            }
            return future.get();
        } catch (InterruptedException e) {
            leave();
            throw Blocking.interruptedWrite(endedByUs(future), done, handOver);
        } catch (ExecutionException e) {
            throw Blocking.here(e);
        }
    }

    /**
     * The function of an update runs between its swaps: if it throws, or nobody runs it any more,
     * there was none whose fate is open.
     */
    private static <T> CompletableFuture<T> endedByUs(CompletableFuture<T> update) {
        return update.exceptionallyCompose(error -> {
            Throwable cause = RetryLoop.unwrap(error);
            return CompletableFuture.failedFuture(
                    cause instanceof FlareDbException
                            ? cause
                            : new UnavailableException("the update was given up", cause));
        });
    }

    /** A task that nobody runs would leave its update without an end. */
    private void leave() {
        synchronized (this) {
            gone = true;
        }
        tasks.forEach(Runnable::run);
    }
}
