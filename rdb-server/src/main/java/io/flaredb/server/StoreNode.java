package io.flaredb.server;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.flaredb.bytes.Bytes;
import io.flaredb.proto.kv.RegionContext;
import io.flaredb.proto.meta.Peer;
import io.flaredb.proto.meta.Region;
import io.flaredb.proto.meta.RegionEpoch;
import io.flaredb.proto.pd.BootstrapRequest;
import io.flaredb.proto.pd.RegionHeartbeatRequest;
import io.flaredb.proto.pd.RegisterStoreRequest;
import io.flaredb.proto.pd.RegisterStoreResponse;
import io.flaredb.proto.pd.StoreHeartbeatRequest;
import io.flaredb.proto.pd.StoreStats;
import io.flaredb.rpc.UuidBytes;
import io.flaredb.server.placement.Heartbeats;
import io.flaredb.server.placement.Placement;
import io.flaredb.server.region.RegionErrors;
import io.flaredb.server.region.RegionException;
import io.flaredb.server.region.RegionPeer;
import io.flaredb.server.write.GroupCommit;
import io.flaredb.storage.Command;
import io.flaredb.storage.CorruptionException;
import io.flaredb.storage.Outcome;
import io.flaredb.storage.RegionId;
import io.flaredb.storage.Role;
import io.flaredb.storage.StorageEngine;
import io.flaredb.storage.StorageStats;
import io.flaredb.storage.StoreIdentity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A store without the network: its data folder, its regions, its write path. {@link StoreServer}
 * puts gRPC in front of it; an embedded store is a node alone.
 *
 * <p>Thread-safe.
 */
public final class StoreNode implements AutoCloseable {
    private static final long FIRST_REGION_ID = 1;
    private static final long FIRST_PEER_ID = 1;

    private final StorageEngine engine;
    private final GroupCommit writes;
    private final Map<RegionId, RegionPeer> regions = new ConcurrentHashMap<>();
    private volatile StoreIdentity identity;
    private @Nullable Heartbeats heartbeats; // set once by join()

    private StoreNode(StorageEngine engine, StoreIdentity identity, GroupCommit writes) {
        this.engine = engine;
        this.identity = identity;
        this.writes = writes;
    }

    /**
     * Opens the data folder, creating it if need be. The node serves nothing until it has joined.
     *
     * @param onFatal called at most a few times, from any thread, with what the store must not go
     *     on after, say corruption; the callee ends the process
     * @throws io.flaredb.storage.StorageException if the folder is in use, not a store's, or
     *     corrupt
     */
    public static StoreNode open(Path dataDir, StoreOptions options, Consumer<Throwable> onFatal) {
        StorageEngine engine = StorageEngine.open(dataDir, options.storage(), Role.STORE);
        try {
            StoreIdentity identity =
                    engine.identity()
                            .orElseGet(
                                    () -> new StoreIdentity(Role.STORE, UUID.randomUUID(), 0, 0));
            if (engine.identity().isEmpty()) {
                // Before the first registration, so that a repeat of it after a crash is one.
                engine.writeIdentity(identity);
            }
            GroupCommit writes = new GroupCommit(engine, options.writes(), onFatal);
            StoreNode node = new StoreNode(engine, identity, writes);
            engine.regions().forEach((id, descriptor) -> node.addRegion(parse(id, descriptor)));
            writes.start();
            return node;
        } catch (RuntimeException e) {
            engine.close();
            throw e;
        }
    }

    /**
     * Makes the store a member of the placement driver's cluster, takes over the first region if
     * the cluster has none, and starts to send heartbeats.
     *
     * @param address where clients reach this store, "host:port"
     */
    public synchronized void join(Placement placement, String address, Duration heartbeatInterval) {
        StoreIdentity known = identity;
        RegisterStoreResponse registered =
                placement.register(
                        RegisterStoreRequest.newBuilder()
                                .setStoreUuid(ByteString.copyFrom(UuidBytes.encode(known.uuid())))
                                .setClusterId(known.clusterId())
                                .setStoreId(known.storeId())
                                .setAddress(address)
                                .build());
        StoreIdentity member =
                new StoreIdentity(
                        Role.STORE,
                        known.uuid(),
                        registered.getClusterId(),
                        registered.getStoreId());
        if (!member.equals(known)) {
            engine.writeIdentity(member);
            identity = member;
        }
        if (regions.isEmpty()) {
            bootstrap(placement, member);
        }
        heartbeats = new Heartbeats(() -> beat(placement), heartbeatInterval);
        heartbeats.start();
    }

    private void beat(Placement placement) {
        StoreIdentity self = identity;
        StorageStats stats = engine.stats();
        placement.storeHeartbeat(
                StoreHeartbeatRequest.newBuilder()
                        .setClusterId(self.clusterId())
                        .setStoreId(self.storeId())
                        .setStats(
                                StoreStats.newBuilder()
                                        .setCapacityBytes(stats.diskBytes())
                                        .setAvailableBytes(stats.freeDiskBytes())
                                        .setUsedBytes(stats.tableBytes())
                                        .setRegionCount(regions.size())
                                        .setWritable(stats.notWritableReason() == null))
                        .build());
        for (RegionPeer peer : regions.values()) {
            placement.regionHeartbeat(
                    RegionHeartbeatRequest.newBuilder()
                            .setClusterId(self.clusterId())
                            .setRegion(peer.descriptor())
                            .setLeader(peer.self())
                            .setAppliedIndex(engine.appliedIndex(peer.id()))
                            .setApproximateSizeBytes(engine.approximateSizeBytes(peer.range()))
                            .build());
        }
    }

    /**
     * Asks to hold the cluster's first region. The placement driver decides before this store
     * writes: a crash between the two is mended by asking again, which the placement driver grants
     * to the same store only.
     */
    private void bootstrap(Placement placement, StoreIdentity member) {
        Region first =
                Region.newBuilder()
                        .setId(FIRST_REGION_ID)
                        .setEpoch(RegionEpoch.newBuilder().setConfVersion(1).setVersion(1))
                        .addPeers(
                                Peer.newBuilder().setId(FIRST_PEER_ID).setStoreId(member.storeId()))
                        .build();
        BootstrapRequest request =
                BootstrapRequest.newBuilder()
                        .setClusterId(member.clusterId())
                        .setStoreId(member.storeId())
                        .addRegions(first)
                        .build();
        if (placement.bootstrap(request).getAccepted()) {
            engine.putRegion(new RegionId(FIRST_REGION_ID), first.toByteArray());
            addRegion(first);
        }
    }

    private void addRegion(Region descriptor) {
        RegionPeer peer = new RegionPeer(descriptor, identity.storeId());
        regions.put(peer.id(), peer);
    }

    /** Who this store is; cluster and store id are 0 until it has joined. */
    public StoreIdentity identity() {
        return identity;
    }

    /** The peers on this store. */
    public Collection<RegionPeer> regions() {
        return regions.values();
    }

    /** What the regions' data lies in: for reading. */
    public StorageEngine engine() {
        return engine;
    }

    /**
     * The region a request is meant for.
     *
     * @throws RegionException ClusterMismatch, RegionNotFound or EpochNotMatch
     */
    public RegionPeer region(RegionContext context) {
        long clusterId = identity.clusterId();
        if (context.getClusterId() != 0 && context.getClusterId() != clusterId) {
            throw RegionErrors.clusterMismatch(clusterId);
        }
        RegionPeer peer = regions.get(new RegionId(context.getRegionId()));
        if (peer == null) {
            throw RegionErrors.regionNotFound(context.getRegionId());
        }
        peer.checkEpoch(context.getRegionEpoch());
        return peer;
    }

    /**
     * The region that holds a key.
     *
     * @throws RegionException RegionNotFound
     */
    public RegionPeer regionOf(Bytes key) {
        for (RegionPeer peer : regions.values()) {
            if (peer.range().contains(key)) {
                return peer;
            }
        }
        throw RegionErrors.regionNotFound(0);
    }

    /**
     * Hands a command to the write path; never blocks. The caller has checked that the region holds
     * the command's keys.
     *
     * @return see {@link GroupCommit#propose}
     */
    public CompletableFuture<Outcome> propose(RegionPeer region, Command command) {
        return writes.propose(region.id(), command);
    }

    /** Stops heartbeats, carries out what was accepted, closes the data folder. */
    @Override
    public synchronized void close() {
        if (heartbeats != null) {
            heartbeats.close();
        }
        writes.close();
        engine.close();
    }

    private static Region parse(RegionId id, byte[] descriptor) {
        try {
            return Region.parseFrom(descriptor);
        } catch (InvalidProtocolBufferException e) {
            throw new CorruptionException(
                    "descriptor of region " + id.value() + " is unreadable", e);
        }
    }
}
