package io.flaredb.raft;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import io.flaredb.rpc.HostAndPort;
import io.flaredb.storage.KeyValue;
import io.flaredb.storage.RegionId;
import io.flaredb.storage.StorageEngine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;

/** Stores in one process that replicate one region, or several, to each other. */
final class TestCluster implements AutoCloseable {
    static final RegionId REGION = new RegionId(1);
    static final Duration DEADLINE = Duration.ofSeconds(60);

    static final RaftTiming QUICK =
            new RaftTiming(Duration.ofMillis(500), Duration.ofMillis(500), Duration.ofSeconds(2));

    final long clusterId = ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);
    final Map<Long, HostAndPort> addresses = new ConcurrentHashMap<>();
    final Map<Long, TestStore> stores = new TreeMap<>();
    private final Path dir;
    private final long snapshotAfterEntries;
    private final long sendBytesPerSecond;

    TestCluster(Path dir, long snapshotAfterEntries) {
        this(dir, snapshotAfterEntries, 64L << 20);
    }

    TestCluster(Path dir, long snapshotAfterEntries, long sendBytesPerSecond) {
        this.dir = dir;
        this.snapshotAfterEntries = snapshotAfterEntries;
        this.sendBytesPerSecond = sendBytesPerSecond;
    }

    /** A peer on each store has the store's id. */
    static Peer peer(long storeId) {
        return new Peer(storeId, storeId);
    }

    static Members members(long... storeIds) {
        return Members.of(Arrays.stream(storeIds).mapToObj(TestCluster::peer).toList());
    }

    RaftOptions options(long storeId) {
        return new RaftOptions(
                clusterId,
                storeId,
                QUICK,
                1_024,
                snapshotAfterEntries,
                64L << 20,
                sendBytesPerSecond);
    }

    TestStore open(long storeId) {
        TestStore store =
                new TestStore(dir.resolve("store" + storeId), options(storeId), addresses);
        stores.put(storeId, store);
        return store;
    }

    void startAll(RegionId region, long... storeIds) {
        for (long id : storeIds) {
            if (!stores.containsKey(id)) {
                open(id);
            }
        }
        for (long id : storeIds) {
            store(id).start(region, id, members(storeIds));
        }
    }

    TestStore store(long id) {
        TestStore store = stores.get(id);
        if (store == null) {
            throw new IllegalArgumentException("store " + id + " is down");
        }
        return store;
    }

    void stop(long id) {
        store(id).close();
        stores.remove(id);
    }

    RaftGroup<Long> group(long storeId) {
        return group(storeId, REGION);
    }

    RaftGroup<Long> group(long storeId, RegionId region) {
        RaftGroup<Long> group = store(storeId).groups.get(region);
        if (group == null) {
            throw new IllegalArgumentException("no region " + region + " on store " + storeId);
        }
        return group;
    }

    RaftGroup<Long> leader() {
        return leader(REGION);
    }

    RaftGroup<Long> leader(RegionId region) {
        return soon().until(() -> leaderNow(region), found -> found != null);
    }

    /** Asks at once, then often: most conditions here hold already. */
    private static ConditionFactory soon() {
        return await().atMost(DEADLINE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20));
    }

    private @Nullable RaftGroup<Long> leaderNow(RegionId region) {
        @Nullable RaftGroup<Long> best = null;
        for (TestStore store : stores.values()) {
            RaftGroup<Long> group = store.groups.get(region);
            if (group != null
                    && group.state().role() == GroupState.Role.LEADER
                    && (best == null || group.state().term() > best.state().term())) {
                best = group;
            }
        }
        return best;
    }

    /** Puts, again and again until it is done. */
    void put(String key, String value) {
        put(REGION, key, value);
    }

    void put(RegionId region, String key, String value) {
        soon().until(() -> {
            RaftGroup<Long> leader = leaderNow(region);
            if (leader == null) {
                return false;
            }
            try {
                leader.propose(PutMachine.put(key, value)).join();
                return true;
            } catch (CompletionException e) {
                if (e.getCause() instanceof RaftFailure) {
                    return false;
                }
                throw e;
            }
        });
    }

    /** Puts {@code prefix0} to {@code prefixN-1}, many at a time, and waits for all. */
    void putMany(String prefix, int count, String value) {
        RaftGroup<Long> leader = leader();
        List<CompletableFuture<Long>> window = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            window.add(leader.propose(PutMachine.put(prefix + i, value)));
            if (window.size() == 256 || i == count - 1) {
                window.forEach(CompletableFuture::join);
                window.clear();
            }
        }
    }

    /** Makes every store that is up forget the log of all that is there now. */
    void cutLogs() {
        for (int i = 0; i < 2; i++) { // the log is cut behind the snapshot before
            put("cut" + i, "x");
            for (TestStore store : stores.values()) {
                awaitValue(store.id, "cut" + i, "x");
                group(store.id).snapshot().join();
            }
        }
        for (TestStore store : stores.values()) {
            soon().until(() -> store.engine.replicas().log(REGION).firstIndex() > 300);
        }
    }

    @Nullable String get(long storeId, String key) {
        return get(storeId, REGION, key);
    }

    @Nullable String get(long storeId, RegionId region, String key) {
        Bytes value = store(storeId).engine.get(PutMachine.key(region, key));
        return value == null ? null : new String(value.unsafeArray(), UTF_8);
    }

    void awaitValue(long storeId, String key, String value) {
        soon().until(() -> value.equals(get(storeId, key)));
    }

    List<KeyValue> contents(long storeId) {
        StorageEngine engine = store(storeId).engine;
        return engine.scan(new KeyRange(Bytes.EMPTY, Bytes.EMPTY), 1_000_000, Long.MAX_VALUE)
                .entries();
    }

    @Override
    public void close() {
        stores.values().forEach(TestStore::close);
        stores.clear();
    }
}
