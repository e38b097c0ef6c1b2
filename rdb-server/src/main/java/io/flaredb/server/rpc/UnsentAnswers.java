package io.flaredb.server.rpc;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes of answers that are made and not on their way yet, of all connections: they wait in
 * memory as long as a client does not read, or is gone without a word. Thread-safe.
 */
final class UnsentAnswers {
    private final AtomicLong bytes = new AtomicLong();
    private final long maxBytes;

    /**
     * @param maxBytes beyond which there is no room; those that are just being made come on top
     */
    UnsentAnswers(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    boolean hasRoom() {
        return bytes.get() < maxBytes;
    }

    void add(long more) {
        bytes.addAndGet(more);
    }

    void remove(long less) {
        bytes.addAndGet(-less);
    }
}
