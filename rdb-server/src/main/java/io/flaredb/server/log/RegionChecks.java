package io.flaredb.server.log;

import io.flaredb.storage.RegionDigest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * The checksums a replica was asked for lately. Whoever asks for one may come before the entry that
 * makes the replica compute it. Thread-safe.
 */
public final class RegionChecks {
    private static final int REMEMBERED = 32;

    private final Map<Long, CompletableFuture<Result>> byId = new LinkedHashMap<>();

    /**
     * What a replica computed.
     *
     * @param index of the entry that asked for it
     */
    public record Result(long index, RegionDigest digest) {}

    /** The result of a check; not there before the replica comes to it. */
    public synchronized CompletableFuture<Result> get(long checkId) {
        CompletableFuture<Result> result = byId.get(checkId);
        if (result == null) {
            result = new CompletableFuture<>();
            byId.put(checkId, result);
            if (byId.size() > REMEMBERED) {
                byId.remove(byId.keySet().iterator().next());
            }
        }
        return result;
    }

    /** What comes of a check. Returns at once. */
    void follow(long checkId, long index, CompletableFuture<RegionDigest> computed) {
        CompletableFuture<Result> result = get(checkId);
        computed.whenComplete((digest, failure) -> {
            if (failure == null) {
                result.complete(new Result(index, digest));
            } else {
                result.completeExceptionally(failure);
            }
        });
    }
}
