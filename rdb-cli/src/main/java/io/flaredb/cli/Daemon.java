package io.flaredb.cli;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the servers of this process running until they are to end: on SIGTERM or Ctrl-C, or when
 * one of them finds that it must not go on.
 *
 * <p>Thread-safe.
 */
final class Daemon {
    private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);

    private static final Duration FAILED_CLOSE_LIMIT = Duration.ofSeconds(10);

    /** Completed with why the process must end, or normally if it was asked to. */
    private final CompletableFuture<@Nullable Void> end = new CompletableFuture<>();

    /** Ends the process with exit code 1. To be called by any thread of the servers. */
    void fail(Throwable reason) {
        end.completeExceptionally(reason);
    }

    /**
     * Says that the servers are ready, then waits for the end and closes them in this thread. An
     * interrupt of it asks for the end too.
     *
     * @param readyLine goes to stdout
     * @param close closes all servers; done when all that was accepted is answered
     * @return {@code FAILED} if a server had failed; why is on stderr
     */
    ExitCode run(Terminal terminal, String readyLine, Runnable close) {
        CountDownLatch closed = new CountDownLatch(1);
        Thread onSignal = new Thread(() -> finishBeforeExit(closed), "stop");
        Runtime.getRuntime().addShutdownHook(onSignal);
        terminal.out().print(readyLine + '\n');
        terminal.out().flush();
        ExitCode exitCode = ExitCode.DONE;
        try {
            end.get();
        } catch (ExecutionException e) {
            LOG.debug("cannot go on", e);
            Throwable reason = e.getCause() == null ? e : e.getCause();
            Failures.line(terminal.err(), "cannot go on: " + reason.getMessage());
            exitCode = ExitCode.FAILED;
            haltAfter(FAILED_CLOSE_LIMIT);
        } catch (InterruptedException e) {
            LOG.info("interrupted: stopping");
        } finally {
            close.run();
            closed.countDown();
        }
        try {
            Runtime.getRuntime().removeShutdownHook(onSignal);
        } catch (IllegalStateException e) {
            LOG.debug("stopping on a signal", e);
        }
        return exitCode;
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
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(end.isCompletedExceptionally() ? 1 : 0);
    }
}
