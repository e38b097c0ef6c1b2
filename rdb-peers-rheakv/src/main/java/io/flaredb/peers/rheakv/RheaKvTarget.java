package io.flaredb.peers.rheakv;

import com.alipay.sofa.jraft.rhea.client.DefaultRheaKVStore;
import com.alipay.sofa.jraft.rhea.client.RheaKVStore;
import com.alipay.sofa.jraft.rhea.options.configured.MultiRegionRouteTableOptionsConfigured;
import com.alipay.sofa.jraft.rhea.options.configured.PlacementDriverOptionsConfigured;
import com.alipay.sofa.jraft.rhea.options.configured.RheaKVStoreOptionsConfigured;
import io.flaredb.bytes.Bytes;
import io.flaredb.peers.load.Load;
import io.flaredb.peers.load.PeerTarget;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * RheaKV through its client, which sends what waits in batches: puts and gets, not swaps.
 *
 * <p>It compares values, so a versioned value begins with eight bytes that are its version, and the
 * client must know the whole of what it replaces: it remembers what it wrote last.
 */
final class RheaKvTarget extends PeerTarget {
    private static final long REGION = -1; // of a cluster without a placement driver

    private final RheaKVStore store = new DefaultRheaKVStore();
    private final Map<Bytes, byte[]> known = new ConcurrentHashMap<>();

    /**
     * @param addresses with commas between them
     */
    RheaKvTarget(String addresses) {
        super("rheakv");
        boolean ready =
                store.init(
                        RheaKVStoreOptionsConfigured.newConfigured()
                                .withClusterName(RheaKvServer.CLUSTER)
                                .withPlacementDriverOptions(
                                        PlacementDriverOptionsConfigured.newConfigured()
                                                .withFake(true)
                                                .withRegionRouteTableOptionsList(
                                                        MultiRegionRouteTableOptionsConfigured
                                                                .newConfigured()
                                                                .withInitialServerList(
                                                                        REGION, addresses)
                                                                .config())
                                                .config())
                                .config());
        if (!ready) {
            throw new IllegalStateException("RheaKV's client does not start");
        }
    }

    public static void main(String[] arguments) {
        Load.main(arguments, addresses -> new RheaKvTarget(String.join(",", addresses)));
    }

    @Override
    public CompletableFuture<?> put(Bytes key, Bytes value) {
        return store.put(raw(key), value.unsafeArray())
                .thenAccept(done -> {
                    if (!done) {
                        throw new IllegalStateException("a put was refused");
                    }
                });
    }

    @Override
    public CompletableFuture<Boolean> get(Bytes key) {
        return store.get(raw(key)).thenApply(value -> value != null);
    }

    @Override
    public CompletableFuture<Long> version(Bytes key) {
        return store.get(versioned(key))
                .thenApply(stamped -> {
                    if (stamped == null) {
                        known.remove(key);
                        return 0L;
                    }
                    known.put(key, stamped);
                    return versionOf(stamped);
                });
    }

    @Override
    public CompletableFuture<OptionalLong> swap(Bytes key, long expectedVersion, Bytes value) {
        byte[] update = stamp(expectedVersion + 1, value);
        if (expectedVersion == 0) {
            return store.putIfAbsent(versioned(key), update)
                    .thenApply(found -> swapped(key, update, found == null));
        }
        byte @Nullable [] expected = known.get(key);
        if (expected == null || versionOf(expected) != expectedVersion) {
            return CompletableFuture.completedFuture(OptionalLong.empty());
        }
        return store.compareAndPut(versioned(key), expected, update)
                .thenApply(done -> swapped(key, update, done));
    }

    private OptionalLong swapped(Bytes key, byte[] update, boolean done) {
        if (!done) {
            return OptionalLong.empty();
        }
        known.put(key, update);
        return OptionalLong.of(versionOf(update));
    }

    private static byte[] stamp(long version, Bytes value) {
        return ByteBuffer.allocate(Long.BYTES + value.size())
                .putLong(version)
                .put(value.unsafeArray())
                .array();
    }

    private static long versionOf(byte[] stamped) {
        return ByteBuffer.wrap(stamped).getLong();
    }

    @Override
    public void close() {
        store.shutdown();
    }
}
