package io.flaredb.client.retry;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Runs actions later, on one daemon thread that starts with the first of them. Thread-safe.
 *
 * <p>An action must not block. Each action runs exactly once: closing runs those still waiting at
 * once, on the closing thread, so that no operation is left without an end.
 */
public final class Timer implements AutoCloseable {
    private final ScheduledThreadPoolExecutor thread;
    private final Set<Once> waiting = ConcurrentHashMap.newKeySet();

    /**
     * @param name of the thread
     */
    public Timer(String name) {
        this.thread =
                new ScheduledThreadPoolExecutor(
                        1,
                        task -> {
                            Thread created = new Thread(task, name);
                            created.setDaemon(true);
                            return created;
                        });
    }

    /** Runs {@code action} after a pause; at once, on this thread, if the timer is closed. */
    public void after(long nanos, Runnable action) {
        Once once = new Once(action);
        waiting.add(once);
        try {
            var unused = thread.schedule(once, nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closed) {
            once.run();
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        waiting.forEach(Once::run);
    }

    private final class Once implements Runnable {
        private final Runnable action;
        private final AtomicBoolean started = new AtomicBoolean();

        Once(Runnable action) {
            this.action = action;
        }

        @Override
        public void run() {
            if (started.compareAndSet(false, true)) {
                waiting.remove(this);
                action.run();
            }
        }
    }
}
