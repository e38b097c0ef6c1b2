package io.flaredb.server.read;

import io.flaredb.server.region.RegionErrors;
import io.flaredb.server.region.RegionException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads that read: daemons, since an embedded store must not keep its program from ending.
 * Thread-safe.
 */
public final class ReadPool implements AutoCloseable {
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

    /** Answers what was accepted, then stops. */
    @Override
    public void close() {
        threads.close();
    }
}
