package io.flaredb.server.write;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes of writes that were accepted and have no outcome yet, bounded, so that a slow disk or a
 * slow majority turns into {@code ServerIsBusy} and not into a full heap. Thread-safe.
 */
public final class Backlog {
    private final AtomicLong waitingBytes = new AtomicLong();
    private final long maxBytes;

    public Backlog(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Whether there is room for so many bytes more; if so they are counted until they leave. */
    public boolean enter(long bytes) {
        long before = waitingBytes.getAndAdd(bytes);
        // A single write larger than the bound still passes when nothing else waits.
        if (before == 0 || before + bytes <= maxBytes) {
            return true;
        }
        waitingBytes.addAndGet(-bytes);
        return false;
    }

    public void leave(long bytes) {
        waitingBytes.addAndGet(-bytes);
    }

    /** Whether every write has its outcome. */
    public boolean isEmpty() {
        return waitingBytes.get() == 0;
    }
}
