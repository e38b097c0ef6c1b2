package io.flaredb.bench;

import io.flaredb.bytes.Bytes;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/**
 * A store that a load runs against.
 *
 * <p>Operations must not block: a load has as many of them under way as it was told to, and begins
 * the next one on the thread that completes a future. A future completes once the answer is there,
 * for a write once it is as durable as the store was set up to make it, and exceptionally if the
 * operation failed; nothing is thrown. An answer comes from another thread than the one that asked:
 * where each is there at once, the load begins its first operations for ever. A load asks only for
 * what {@link #supports} allows; the methods of other workloads need not be there, and fail then.
 * Implementations are thread-safe.
 */
public interface Target extends AutoCloseable {
    /** What tables and plots call it, for example {@code flaredb}. */
    String name();

    /** Whether a load may run this workload. */
    boolean supports(Workload workload);

    /** Writes a raw key, whatever it holds. */
    default CompletableFuture<?> put(Bytes key, Bytes value) {
        return unsupported();
    }

    /**
     * Writes many raw keys before a load begins; never measured. Not atomic.
     *
     * @param entries up to 1,000
     */
    default CompletableFuture<?> putAll(Map<Bytes, Bytes> entries) {
        return CompletableFuture.allOf(
                entries.entrySet().stream()
                        .map(entry -> put(entry.getKey(), entry.getValue()))
                        .toArray(CompletableFuture<?>[]::new));
    }

    /** Reads a raw key, linearizable, and gives whether it was there. */
    default CompletableFuture<Boolean> get(Bytes key) {
        return unsupported();
    }

    /** Reads a raw key from any replica, however old, and gives whether it was there. */
    default CompletableFuture<Boolean> getStale(Bytes key) {
        return unsupported();
    }

    /**
     * Reads the version of a versioned key, linearizable; 0 if the key is absent. A store whose
     * versions begin with 0 gives them with one added.
     */
    default CompletableFuture<Long> version(Bytes key) {
        return unsupported();
    }

    /**
     * Writes a versioned key if it is at {@code expectedVersion}; 0 creates it.
     *
     * @return its new version, above 0; empty on a conflict, when the key was at another version
     *     and is left as it is
     */
    default CompletableFuture<OptionalLong> swap(Bytes key, long expectedVersion, Bytes value) {
        return unsupported();
    }

    /**
     * Reads raw keys and their values in order of the keys.
     *
     * @param startInclusive the least key
     * @param limit most entries, 1 to 1,000
     * @return how many entries it found
     */
    default CompletableFuture<Integer> scan(Bytes startInclusive, int limit) {
        return unsupported();
    }

    /** Asks for one timestamp. */
    default CompletableFuture<Long> timestamp() {
        return unsupported();
    }

    private <T> CompletableFuture<T> unsupported() {
        return CompletableFuture.failedFuture(
                new IllegalStateException(name() + " was asked for what it does not support"));
    }

    /** Ends all connections; operations under way fail. */
    @Override
    void close();
}
