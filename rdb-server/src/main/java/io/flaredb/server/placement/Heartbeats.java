package io.flaredb.server.placement;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the placement driver again and again how the store is. A placement driver that is away is
 * logged once, and once more when it is back: the store serves on meanwhile.
 */
public final class Heartbeats implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Heartbeats.class);

    private final Duration interval;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("heartbeats").daemon().factory());
    private final AtomicBoolean asked = new AtomicBoolean();
    private boolean failing; // heartbeat thread only

    private volatile @Nullable Runnable beat; // null: not started

    public Heartbeats(Duration interval) {
        this.interval = interval;
    }

    /**
     * The first heartbeat goes out at once.
     *
     * @param sending sends the heartbeats; may block, throws {@link PlacementException} where the
     *     placement driver does not take them
     */
    public void start(Runnable sending) {
        beat = sending;
        var unused =
                thread.scheduleWithFixedDelay(
                        this::tryBeat, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * One more as soon as possible, besides those at intervals; many that come together are one.
     */
    public void soon() {
        if (asked.compareAndSet(false, true)) {
            try {
                thread.execute(() -> {
                    asked.set(false);
                    tryBeat();
                });
            } catch (RejectedExecutionException e) {
                log.debug("closed: no more heartbeats", e);
            }
        }
    }

    private void tryBeat() {
        Runnable sending = beat;
        if (sending == null) {
            return;
        }
        try {
            sending.run();
            if (failing) {
                log.info("heartbeats are taken again");
                failing = false;
            }
        } catch (RuntimeException e) {
            // Nothing may escape: it would silently end the schedule.
            if (!failing && !thread.isShutdown()) { // close() interrupts one under way
                log.warn("heartbeats fail, the store serves on: {}", e.getMessage());
                failing = true;
            }
        }
    }

    /** Stops, and waits for a heartbeat under way. */
    @Override
    public void close() {
        thread.shutdownNow();
        thread.close();
    }
}
