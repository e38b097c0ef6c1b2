package io.flaredb.cli;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the servers of this process running until they are to end: on SIGTERM or Ctrl-C, or when
 * one of them finds that it must not go on. They may be asked to end while they still start.
 *
 * <p>Thread-safe.
 */
final class Daemon {
    private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);

    private static final Duration FAILED_CLOSE_LIMIT = Duration.ofSeconds(10);

    /** Completed with why the process must end, or normally if it was asked to. */
    private final CompletableFuture<@Nullable Void> end = new CompletableFuture<>();

    /** Whom to interrupt if the end comes before all have started; null: they have. */
    @GuardedBy("this")
    private @Nullable Thread starter;

    /** Ends the process with exit code 1. To be called by any thread of the servers. */
    void fail(Throwable reason) {
        end.completeExceptionally(reason);
    }

    /**
     * What has started.
     *
     * @param readyLine goes to stdout
     * @param close closes all servers; done when all that was accepted is answered
     */
    record Servers(String readyLine, Runnable close) {}

    /**
     * Starts the servers, says that they are ready, waits for the end and closes them, all in this
     * thread. An interrupt of it asks for the end too.
     *
     * @param start is interrupted if the end is asked for meanwhile. If it fails, or throws {@link
     *     CancellationException} since it was interrupted, it leaves nothing behind
     * @return {@code FAILED} if a server had failed; why is on stderr
     */
    ExitCode run(Terminal terminal, Supplier<Servers> start) {
        CountDownLatch closed = new CountDownLatch(1);
        Thread onSignal = new Thread(() -> finishBeforeExit(closed), "stop");
        Runtime.getRuntime().addShutdownHook(onSignal);
        try {
            Servers servers = started(start);
            return servers == null ? ExitCode.DONE : serve(terminal, servers);
        } finally {
            closed.countDown();
            try {
                Runtime.getRuntime().removeShutdownHook(onSignal);
            } catch (IllegalStateException e) {
                LOG.debug("stopping on a signal", e);
            }
        }
    }

    /** Null: the end was asked for before all had started. */
    private @Nullable Servers started(Supplier<Servers> start) {
        synchronized (this) {
            if (isAskedToEnd()) {
                return null;
            }
            starter = Thread.currentThread();
        }
        try {
            return start.get();
        } catch (RuntimeException e) { // an interrupt makes all kinds of calls fail
            boolean interrupted =
                    e instanceof CancellationException || Thread.currentThread().isInterrupted();
            if (!interrupted && !isAskedToEnd()) {
                throw e;
            }
            LOG.debug("stopped while starting", e);
            return null;
        } finally {
            synchronized (this) {
                starter = null;
            }
            if (Thread.interrupted()) { // what closes them is not to be disturbed
                end.complete(null);
            }
        }
    }

    private ExitCode serve(Terminal terminal, Servers servers) {
        terminal.out().print(servers.readyLine() + '\n');
        terminal.out().flush();
        try {
            end.get();
            return ExitCode.DONE;
        } catch (ExecutionException e) {
            LOG.debug("cannot go on", e);
            Throwable reason = e.getCause() == null ? e : e.getCause();
            Failures.line(terminal.err(), "cannot go on: " + reason.getMessage());
            haltAfter(FAILED_CLOSE_LIMIT);
            return ExitCode.FAILED;
        } catch (InterruptedException e) {
            LOG.info("interrupted: stopping");
            return ExitCode.DONE;
        } finally {
            servers.close().run();
        }
    }

    /** What has failed may not close either: a disk that hangs, a replica with a hole. */
    private static void haltAfter(Duration limit) {
        Thread.ofPlatform()
                .daemon()
                .name("halt")
                .start(() -> {
                    long untilNanos = System.nanoTime() + limit.toNanos();
                    while (untilNanos - System.nanoTime() > 0) {
                        LockSupport.parkNanos(untilNanos - System.nanoTime());
                    }
                    Runtime.getRuntime().halt(ExitCode.FAILED.number());
                });
    }

    /** A stop that was asked for is no failure, so its exit code is 0 and not the signal's. */
    private void finishBeforeExit(CountDownLatch closed) {
        end.complete(null);
        synchronized (this) {
            if (starter != null) {
                starter.interrupt();
            }
        }
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(isAskedToEnd() ? 0 : 1);
    }

    private boolean isAskedToEnd() {
        return end.isDone() && !end.isCompletedExceptionally();
    }
}
