package io.flaredb.server.read;

import io.flaredb.server.region.RegionErrors;
import io.flaredb.server.region.RegionException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that read: daemons, since an embedded store must not keep its program from ending.
 * Thread-safe.
 */
public final class ReadPool implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ReadPool.class);

    private final ThreadPoolExecutor threads;
    private final ReadLimits limits;

    public ReadPool(ReadLimits limits) {
        this.limits = limits;
        this.threads =
                new ThreadPoolExecutor(
                        limits.threads(),
                        limits.threads(),
                        0,
                        TimeUnit.SECONDS,
                        new ArrayBlockingQueue<>(limits.maxWaiting()),
                        Thread.ofPlatform().daemon().name("read-", 0).factory());
    }

    /**
     * Runs a read soon; never blocks.
     *
     * @throws RegionException ServerIsBusy, if too many wait already or the pool is closed
     */
    public void submit(Runnable read) {
        try {
            threads.execute(read);
        } catch (RejectedExecutionException e) {
            throw RegionErrors.serverIsBusy(Duration.ofMillis(limits.busyBackoffMillis()));
        }
    }

    public ReadLimits limits() {
        return limits;
    }

    /**
     * Takes no more and answers what was accepted, for so long at most: what has not begun by then
     * is dropped, what has goes on.
     */
    public void finish(Duration limit) {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(limit.toNanos(), TimeUnit.NANOSECONDS)) {
                log.warn("reads that have not begun {} after the stop began are dropped", limit);
                threads.getQueue().clear();
            }
        } catch (InterruptedException e) {
            threads.getQueue().clear();
            Thread.currentThread().interrupt();
        }
    }

    /** Answers what was accepted, then stops. */
    @Override
    public void close() {
        threads.close();
    }
}
