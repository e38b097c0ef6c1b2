package io.flaredb.peers.load;

import io.flaredb.bytes.Bytes;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** A system in memory, to have the load without the servers. */
final class MapTarget extends PeerTarget {
    final Map<ByteBuffer, Bytes> raw = new ConcurrentHashMap<>();
    final Map<ByteBuffer, Long> versions = new ConcurrentHashMap<>();

    MapTarget() {
        super("map");
    }

    @Override
    public CompletableFuture<?> put(Bytes key, Bytes value) {
        raw.put(ByteBuffer.wrap(raw(key)), value);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<Boolean> get(Bytes key) {
        return CompletableFuture.completedFuture(raw.containsKey(ByteBuffer.wrap(raw(key))));
    }

    @Override
    public CompletableFuture<Long> version(Bytes key) {
        return CompletableFuture.completedFuture(
                versions.getOrDefault(ByteBuffer.wrap(versioned(key)), 0L));
    }

    @Override
    public synchronized CompletableFuture<OptionalLong> swap(
            Bytes key, long expectedVersion, Bytes value) {
        ByteBuffer name = ByteBuffer.wrap(versioned(key));
        boolean expected = versions.getOrDefault(name, 0L) == expectedVersion;
        if (expected) {
            versions.put(name, expectedVersion + 1);
        }
        return CompletableFuture.completedFuture(
                expected ? OptionalLong.of(expectedVersion + 1) : OptionalLong.empty());
    }

    @Override
    public void close() {}
}
