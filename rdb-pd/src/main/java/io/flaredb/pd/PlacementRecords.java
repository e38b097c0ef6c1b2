package io.flaredb.pd;

import com.google.protobuf.InvalidProtocolBufferException;
import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import io.flaredb.proto.pd.RegionRoute;
import io.flaredb.proto.pd.StoreStatus;
import io.flaredb.rpc.UuidBytes;
import io.flaredb.storage.KeyValue;
import io.flaredb.storage.ScanPage;
import io.flaredb.storage.StorageEngine;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How the placement driver's state is laid out as raw records of its data folder. Numbers are
 * big-endian.
 *
 * <pre>
 * key                        value
 * -------------------------  ---------------------------------------------------------------
 * "next-peer-id"             [u64 id]; absent: above the peers of all regions
 * "next-store-id"            [u64 id]
 * "region/" [u64 region id]  pdpb.RegionRoute: region, leader and term only
 * "store/" [u64 store id]    [16 bytes uuid][pdpb.StoreStatus: store, last heartbeat, stats,
 *                            replaced_by]
 * "tso-bound"                [u64 timestamp]: no timestamp at or above it was given out
 * </pre>
 *
 * <p>The cluster id is part of the folder's identity. A record "bootstrap", which earlier versions
 * wrote next to the first regions, is left alone.
 */
final class PlacementRecords {
    static final Bytes TSO_BOUND = Bytes.utf8("tso-bound");

    private static final Bytes FORMER_BOOTSTRAP = Bytes.utf8("bootstrap");
    private static final Bytes NEXT_PEER_ID = Bytes.utf8("next-peer-id");
    private static final Bytes NEXT_STORE_ID = Bytes.utf8("next-store-id");
    private static final Bytes REGION = Bytes.utf8("region/");
    private static final Bytes STORE = Bytes.utf8("store/");

    private static final int PAGE_ENTRIES = 1_000;
    private static final long PAGE_BYTES = 4L * 1024 * 1024;

    private PlacementRecords() {}

    static KeyValue nextPeerId(long id) {
        return new KeyValue(NEXT_PEER_ID, u64(id));
    }

    static KeyValue nextStoreId(long id) {
        return new KeyValue(NEXT_STORE_ID, u64(id));
    }

    static KeyValue tsoBound(long bound) {
        return new KeyValue(TSO_BOUND, u64(bound));
    }

    static KeyValue region(RegionRoute route) {
        RegionRoute stored =
                route.toBuilder()
                        .clearStores()
                        .clearAppliedIndex()
                        .clearApproximateSizeBytes()
                        .build();
        return new KeyValue(
                numbered(REGION, route.getRegion().getId()), Bytes.wrap(stored.toByteArray()));
    }

    static KeyValue store(StoreRecord store) {
        byte[] status =
                StoreStatus.newBuilder()
                        .setStore(store.descriptor())
                        .setLastHeartbeatMs(store.lastHeardMillis())
                        .setStats(store.stats())
                        .setReplacedBy(store.replacedBy())
                        .build()
                        .toByteArray();
        byte[] value =
                ByteBuffer.allocate(UuidBytes.LENGTH + status.length)
                        .put(UuidBytes.encode(store.uuid()))
                        .put(status)
                        .array();
        return new KeyValue(numbered(STORE, store.id()), Bytes.wrap(value));
    }

    static long readU64(Bytes key, Bytes value) {
        if (value.size() != Long.BYTES) {
            throw malformed(key, null);
        }
        return ByteBuffer.wrap(value.unsafeArray()).getLong();
    }

    /**
     * Reads the whole state.
     *
     * @throws IllegalStateException if there is a record that no placement driver wrote
     */
    static PlacementState load(StorageEngine engine) {
        Loading loading = new Loading();
        KeyRange rest = KeyRange.ALL;
        for (; ; ) {
            ScanPage<KeyValue> page = engine.scan(rest, PAGE_ENTRIES, PAGE_BYTES);
            for (KeyValue record : page.entries()) {
                try {
                    loading.add(record.key(), record.value());
                } catch (InvalidProtocolBufferException e) {
                    throw malformed(record.key(), e);
                }
            }
            Bytes resumeKey = page.resumeKey();
            if (resumeKey == null) {
                return loading.done();
            }
            rest = new KeyRange(resumeKey, Bytes.EMPTY);
        }
    }

    /** What was read so far. */
    private static final class Loading {
        private final NavigableMap<Long, StoreRecord> stores = new TreeMap<>(Long::compareUnsigned);
        private final NavigableMap<Bytes, RegionRoute> regions = new TreeMap<>();
        private long nextStoreId = 1;
        private long nextPeerId = 1;

        void add(Bytes key, Bytes value) throws InvalidProtocolBufferException {
            if (key.equals(NEXT_STORE_ID)) {
                nextStoreId = readU64(key, value);
            } else if (key.equals(NEXT_PEER_ID)) {
                nextPeerId = readU64(key, value);
            } else if (startsWith(key, REGION)) {
                RegionRoute route = RegionRoute.parseFrom(value.unsafeArray());
                regions.put(PlacementState.startOf(route), route);
            } else if (startsWith(key, STORE) && value.size() >= UuidBytes.LENGTH) {
                StoreRecord store = readStore(value.unsafeArray());
                stores.put(store.id(), store);
            } else if (!key.equals(TSO_BOUND) // which is the oracle's own
                    && !key.equals(FORMER_BOOTSTRAP)) {
                throw malformed(key, null);
            }
        }

        PlacementState done() {
            return new PlacementState(
                    nextStoreId,
                    PlacementState.above(nextPeerId, regions.values()),
                    stores,
                    regions);
        }
    }

    private static StoreRecord readStore(byte[] value) throws InvalidProtocolBufferException {
        UUID uuid = UuidBytes.decode(Arrays.copyOf(value, UuidBytes.LENGTH));
        StoreStatus status =
                StoreStatus.parser()
                        .parseFrom(value, UuidBytes.LENGTH, value.length - UuidBytes.LENGTH);
        return new StoreRecord(
                status.getStore().getId(),
                uuid,
                status.getStore().getAddress(),
                status.getLastHeartbeatMs(),
                status.getStats(),
                status.getReplacedBy());
    }

    /** RocksDB's checksums held, so this was written by something else: refuse to guess. */
    private static IllegalStateException malformed(Bytes key, @Nullable Exception cause) {
        return new IllegalStateException(
                "the data folder holds a record that no placement driver wrote: key " + key, cause);
    }

    private static Bytes numbered(Bytes prefix, long number) {
        return Bytes.wrap(
                ByteBuffer.allocate(prefix.size() + Long.BYTES)
                        .put(prefix.unsafeArray())
                        .putLong(number)
                        .array());
    }

    private static Bytes u64(long number) {
        return Bytes.wrap(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
    }

    private static boolean startsWith(Bytes key, Bytes prefix) {
        return key.size() == prefix.size() + Long.BYTES
                && Arrays.equals(
                        key.unsafeArray(),
                        0,
                        prefix.size(),
                        prefix.unsafeArray(),
                        0,
                        prefix.size());
    }
}
