package io.flaredb.server.write;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory of writes that were accepted and have no outcome yet, bounded, so that a slow disk or
 * a slow majority turns into {@code ServerIsBusy} and not into a full heap. Thread-safe.
 */
public final class Backlog {
    /**
     * What a write takes beside its bytes, roughly: the state of its call, the futures that lead to
     * its answer, its place in the queues.
     */
    static final int WRITE_BYTES = 2_048;

    private final AtomicLong waitingBytes = new AtomicLong();
    private final long maxBytes;
    private volatile boolean closed;

    public Backlog(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Whether there is room for one more of so many bytes; if so it counts until it leaves. */
    public boolean enter(long entryBytes) {
        long bytes = entryBytes + WRITE_BYTES;
        // Before looking whether it is closed: who closes does it the other way round.
        long before = waitingBytes.getAndAdd(bytes);
        // A single write larger than the bound still passes when nothing else waits.
        boolean fits = before == 0 || before + bytes <= maxBytes;
        if (fits && !closed) {
            return true;
        }
        waitingBytes.addAndGet(-bytes);
        return false;
    }

    public void leave(long entryBytes) {
        waitingBytes.addAndGet(-entryBytes - WRITE_BYTES);
    }

    /** There is room for none any more, so that it becomes empty however many come. */
    public void close() {
        closed = true;
    }

    /** Whether every write has its outcome. */
    public boolean isEmpty() {
        return waitingBytes.get() == 0;
    }
}
