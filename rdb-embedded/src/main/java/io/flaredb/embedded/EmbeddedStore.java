package io.flaredb.embedded;

import io.flaredb.bytes.Bytes;
import io.flaredb.client.Resolution;
import io.flaredb.client.retry.Deadline;
import io.flaredb.client.retry.RetryLoop;
import io.flaredb.client.retry.RetryableException;
import io.flaredb.client.retry.Timer;
import io.flaredb.client.spi.Fates;
import io.flaredb.pd.PlacementDriver;
import io.flaredb.pd.tso.TimestampsUnavailableException;
import io.flaredb.server.StoreNode;
import io.flaredb.server.read.ReadLimits;
import io.flaredb.server.read.ReadPool;
import io.flaredb.server.region.RegionException;
import io.flaredb.server.region.RegionPeer;
import io.flaredb.storage.Command;
import io.flaredb.storage.CorruptionException;
import io.flaredb.storage.Outcome;
import io.flaredb.storage.StorageEngine;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The running parts, and how an operation gets through them: within its deadline, again while the
 * store is busy, with failures in the client's words. Thread-safe.
 */
final class EmbeddedStore implements AutoCloseable {
    private final PlacementDriver driver;
    private final StoreNode node;
    private final FatalFailure fatal;
    private final ReadPool readPool;
    private final RetryLoop retry;
    private volatile boolean closed;

    /**
     * @param driver closed with this
     * @param node closed with this
     * @param timer still open then
     */
    EmbeddedStore(
            PlacementDriver driver,
            StoreNode node,
            FatalFailure fatal,
            ReadLimits reads,
            Timer timer) {
        this.driver = driver;
        this.node = node;
        this.fatal = fatal;
        this.readPool = new ReadPool(reads);
        this.retry = new RetryLoop(timer);
    }

    /** The store's read threads. */
    Executor readThreads() {
        return readPool::submit;
    }

    /** Size of keys and values at which a page ends. */
    int maxPageBytes() {
        return readPool.limits().maxResponseBytes();
    }

    /** Reads from the store on {@code thread}. */
    <T> CompletableFuture<T> read(
            Executor thread, Deadline deadline, Function<StorageEngine, T> work) {
        return retry.run(
                deadline,
                () ->
                        limited(deadline, () -> on(thread, () -> work.apply(node.engine())))
                                .exceptionally(failure -> {
                                    throw closed
                                            ? RetryLoop.clientClosed()
                                            : Failures.ofRead(failure);
                                }));
    }

    private <T> CompletableFuture<T> on(Executor thread, Supplier<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        thread.execute(() -> {
            try {
                result.complete(work.get());
            } catch (RuntimeException e) {
                if (e instanceof CorruptionException) { // even if the caller waits no more
                    fatal.accept(e);
                }
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    /** The region that holds a key. */
    RegionPeer regionOf(Bytes key) {
        try {
            return node.regionOf(key);
        } catch (RegionException e) {
            throw Failures.ofRead(e);
        }
    }

    /**
     * Hands a command to the write path; its outcome is durable.
     *
     * @param region that holds all keys of the command
     * @param answer made of the outcome
     * @param resolution what the answer means to one who asks later
     */
    <A> CompletableFuture<A> write(
            RegionPeer region,
            Command command,
            Function<Outcome, A> answer,
            Function<A, Resolution> resolution,
            Deadline deadline) {
        return retry.run(
                deadline,
                () -> {
                    fatal.check();
                    return within(
                            deadline,
                            RetryLoop.started(() -> node.propose(region, command))
                                    .thenApply(answer),
                            resolution);
                });
    }

    /** Waits for a write. Who gives up may wait once more: it goes on. */
    private static <A> CompletableFuture<A> within(
            Deadline deadline, CompletableFuture<A> running, Function<A, Resolution> resolution) {
        return running.copy()
                .orTimeout(deadline.remainingNanos(), TimeUnit.NANOSECONDS)
                .exceptionally(failure -> {
                    throw Failures.ofWrite(
                            failure,
                            () ->
                                    Fates.of(
                                            within(deadline.anew(), running, resolution),
                                            resolution));
                });
    }

    private <T> CompletableFuture<T> limited(
            Deadline deadline, Supplier<CompletableFuture<T>> work) {
        fatal.check();
        if (deadline.isOver()) { // work on the caller's thread is done before a timer can end it
            return CompletableFuture.failedFuture(new TimeoutException());
        }
        // A copy: the deadline ends the wait, not the work.
        return RetryLoop.started(work)
                .copy()
                .orTimeout(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
    }

    /** Asks the placement driver, whose answers never wait for the disk. */
    <T> CompletableFuture<T> ask(Deadline deadline, Function<PlacementDriver, T> question) {
        return retry.run(
                deadline,
                () -> {
                    try {
                        return CompletableFuture.completedFuture(question.apply(driver));
                    } catch (TimestampsUnavailableException e) {
                        throw new RetryableException(String.valueOf(e.getMessage()), 0, e);
                    }
                });
    }

    /** Carries out what was accepted, then closes both data folders. Closing twice is fine. */
    @Override
    public void close() {
        closed = true;
        retry.close();
        node.close(); // waits for the writes and for reads that have begun
        readPool.close();
        driver.close();
    }
}
