package io.flaredb.pd.server;

import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Runs what waits for the disk, one after another on a thread of its own. When {@value #CAPACITY}
 * wait already, another is refused with RESOURCE_EXHAUSTED. Thread-safe.
 */
final class ChangeQueue {
    private static final int CAPACITY = 1_024;

    private final ThreadPoolExecutor thread =
            new ThreadPoolExecutor(
                    1,
                    1,
                    0,
                    TimeUnit.SECONDS,
                    new ArrayBlockingQueue<>(CAPACITY),
                    Thread.ofPlatform().name("pd-changes").daemon().factory());

    /**
     * @throws io.grpc.StatusRuntimeException if the queue is full or stopped
     */
    void add(Runnable change) {
        try {
            thread.execute(change);
        } catch (RejectedExecutionException e) {
            Status status =
                    thread.isShutdown()
                            ? Status.UNAVAILABLE.withDescription(
                                    "the placement driver is shutting down")
                            : Status.RESOURCE_EXHAUSTED.withDescription(
                                    CAPACITY + " changes are waiting for the disk already");
            throw status.asRuntimeException();
        }
    }

    /** Takes no more, and waits for those it took, but not longer than {@code limit}. */
    void finish(Duration limit) {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(limit.toNanos(), TimeUnit.NANOSECONDS)) {
                thread.getQueue().clear();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
