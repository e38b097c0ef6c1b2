package io.flaredb.server.placement;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the placement driver again and again how the store is. A placement driver that is away is
 * logged once, and once more when it is back: the store serves on meanwhile.
 */
public final class Heartbeats implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Heartbeats.class);

    private final Runnable beat;
    private final Duration interval;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("heartbeats").daemon().factory());
    private boolean failing; // heartbeat thread only

    /**
     * @param beat sends the heartbeats; may block, throws {@link PlacementException} where the
     *     placement driver does not take them
     */
    public Heartbeats(Runnable beat, Duration interval) {
        this.beat = beat;
        this.interval = interval;
    }

    /** The first heartbeat goes out at once. */
    public void start() {
        var unused =
                thread.scheduleWithFixedDelay(
                        this::tryBeat, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void tryBeat() {
        try {
            beat.run();
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
