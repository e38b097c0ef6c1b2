package io.flaredb.peers.load;

import io.flaredb.bytes.Bytes;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A system in memory, to have the load without the servers. Answers on a thread of its own. */
final class MapTarget extends PeerTarget {
    final Map<ByteBuffer, Bytes> raw = new ConcurrentHashMap<>();
    final Map<ByteBuffer, Long> versions = new ConcurrentHashMap<>();
    private final ExecutorService answering = Executors.newSingleThreadExecutor();

    MapTarget() {
        super("map");
    }

    @Override
    public CompletableFuture<?> put(Bytes key, Bytes value) {
        return CompletableFuture.runAsync(
                () -> raw.put(ByteBuffer.wrap(raw(key)), value), answering);
    }

    @Override
    public CompletableFuture<Boolean> get(Bytes key) {
        return CompletableFuture.supplyAsync(
                () -> raw.containsKey(ByteBuffer.wrap(raw(key))), answering);
    }

    @Override
    public CompletableFuture<Long> version(Bytes key) {
        return CompletableFuture.supplyAsync(
                () -> versions.getOrDefault(ByteBuffer.wrap(versioned(key)), 0L), answering);
    }

    @Override
    public CompletableFuture<OptionalLong> swap(Bytes key, long expectedVersion, Bytes value) {
        return CompletableFuture.supplyAsync(
                () -> swap(ByteBuffer.wrap(versioned(key)), expectedVersion), answering);
    }

    private OptionalLong swap(ByteBuffer name, long expectedVersion) {
        if (versions.getOrDefault(name, 0L) != expectedVersion) {
            return OptionalLong.empty();
        }
        versions.put(name, expectedVersion + 1);
        return OptionalLong.of(expectedVersion + 1);
    }

    @Override
    public void close() {
        answering.shutdownNow();
    }
}
