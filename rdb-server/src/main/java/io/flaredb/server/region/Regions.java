package io.flaredb.server.region;

import io.flaredb.bytes.Bytes;
import io.flaredb.proto.meta.Peer;
import io.flaredb.proto.meta.Region;
import io.flaredb.raft.GroupListener;
import io.flaredb.raft.GroupState;
import io.flaredb.raft.Members;
import io.flaredb.raft.RaftGroup;
import io.flaredb.raft.RaftHost;
import io.flaredb.server.log.Applied;
import io.flaredb.server.log.Digests;
import io.flaredb.server.log.RegionMachine;
import io.flaredb.storage.CrashPoint;
import io.flaredb.storage.RegionId;
import io.flaredb.storage.StorageEngine;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The replicas on this store. Thread-safe; what makes or removes one waits for the disk, and such
 * changes take turns.
 */
public final class Regions {
    private static final Logger log = LoggerFactory.getLogger(Regions.class);

    /** A descriptor that no change of members has touched names all who were there at the start. */
    private static final long FIRST_CONF_VERSION = 1;

    private final StorageEngine engine;
    private final long storeId;
    private final RaftHost host;
    private final Consumer<RegionPeer> onChange;
    private final Consumer<Throwable> onFatal;
    private final Digests digests;
    private final Map<RegionId, RegionPeer> peers = new ConcurrentHashMap<>();
    private final AtomicInteger underWay = new AtomicInteger(); // entries of clients
    private boolean running; // guarded by this

    /**
     * No replica runs yet.
     *
     * @param host runs their groups
     * @param onChange told of replicas whose leader or members changed, on the thread that applies
     *     their log: must not block
     * @param onFatal told when removing a replica failed, or a check has met damaged records
     */
    public Regions(
            StorageEngine engine,
            long storeId,
            RaftHost host,
            Consumer<RegionPeer> onChange,
            Consumer<Throwable> onFatal) {
        this.engine = engine;
        this.storeId = storeId;
        this.host = host;
        this.onChange = onChange;
        this.onFatal = onFatal;
        this.digests = new Digests(engine, onFatal);
    }

    /** Starts the replicas the engine remembers, and removes those whose removal was cut short. */
    public synchronized void startAll() {
        Map.copyOf(engine.regions())
                .forEach((id, stored) -> {
                    Region descriptor = RegionPeer.parse(id, stored);
                    Peer self = RegionPeer.peerOn(descriptor, storeId);
                    if (self == null || engine.replicas().isBeingDestroyed(id)) {
                        destroyRecords(peer(descriptor, Peer.getDefaultInstance()));
                    } else {
                        start(peer(descriptor, self));
                    }
                });
        running = true;
    }

    private RegionPeer peer(Region descriptor, Peer self) {
        return new RegionPeer(engine, descriptor, self, underWay);
    }

    /** All replicas. */
    public Collection<RegionPeer> all() {
        return peers.values();
    }

    /** The replica of a region; null: there is none. */
    public @Nullable RegionPeer find(RegionId id) {
        return peers.get(id);
    }

    /**
     * The replica of the region that holds a key.
     *
     * @throws RegionException RegionNotFound
     */
    public RegionPeer ofKey(Bytes key) {
        for (RegionPeer peer : peers.values()) {
            if (peer.range().contains(key)) {
                return peer;
            }
        }
        throw RegionErrors.regionNotFound(0);
    }

    /**
     * Makes an empty replica that waits to hear from the region's leader. An older replica of the
     * region that is a member no more makes way. Repeating it changes nothing.
     *
     * @param region as its leader knows it
     * @param self the new peer
     * @throws IllegalArgumentException if this store cannot hold it
     * @throws ChangeRefusedException if the stored replicas have not started yet, one of which may
     *     be the region's, or the store is stopping
     */
    public synchronized void create(Region region, Peer self) {
        if (!running) {
            throw new ChangeRefusedException("this store is starting or stopping", null);
        }
        if (self.getStoreId() != storeId) {
            throw new IllegalArgumentException(
                    "peer %s belongs on store %s, this is store %s"
                            .formatted(
                                    Long.toUnsignedString(self.getId()),
                                    Long.toUnsignedString(self.getStoreId()),
                                    Long.toUnsignedString(storeId)));
        }
        RegionPeer made = peer(withPeer(region, self), self);
        checkSound(made);
        if (!region.getPeersList().contains(self)) {
            made.assumeMembership();
        }
        for (RegionPeer known : new ArrayList<>(peers.values())) {
            if (!known.id().equals(made.id()) && !known.range().intersect(made.range()).isEmpty()) {
                throw new IllegalArgumentException(
                        "region %s shares keys with region %s, which is here"
                                .formatted(made.id(), known.id()));
            }
        }
        RegionPeer known = peers.get(made.id());
        if (known != null && known.self().equals(self)) {
            return;
        }
        if (known != null) {
            checkReplaceable(known, region);
            destroy(known);
        }
        CrashPoint.CREATING.reached();
        engine.putRegion(made.id(), made.descriptor().toByteArray());
        CrashPoint.CREATED.reached();
        start(made);
    }

    /** What could not be started must not be stored: the store would never start again. */
    private void checkSound(RegionPeer made) {
        made.peers(); // ids that are 0 are refused
        if (made.range().isEmpty()) {
            throw new IllegalArgumentException(
                    "region %s: start_key must be below end_key".formatted(made.id()));
        }
        if (!made.self().equals(RegionPeer.peerOn(made.descriptor(), storeId))) {
            throw new IllegalArgumentException(
                    "region %s has another peer on this store".formatted(made.id()));
        }
    }

    private static void checkReplaceable(RegionPeer known, Region region) {
        boolean member = region.getPeersList().contains(known.self());
        boolean older = compareConfVersions(region, known.descriptor()) < 0;
        if (member || older || votes(known, region)) {
            throw new IllegalArgumentException(
                    "region %s has peer %s on this store already"
                            .formatted(known.id(), Long.toUnsignedString(known.self().getId())));
        }
    }

    /**
     * Whether the group has made the replica a voter, as far as it knows, and a descriptor that
     * does not name it may only be behind that.
     */
    private static boolean votes(RegionPeer known, Region region) {
        return known.lastMembersOfGroup().contains(raftPeer(known.self()))
                && compareConfVersions(region, known.descriptor()) <= 0;
    }

    private static int compareConfVersions(Region one, Region other) {
        return Long.compareUnsigned(
                one.getEpoch().getConfVersion(), other.getEpoch().getConfVersion());
    }

    /**
     * Removes a replica with its records, unless it is another peer's. Repeating it changes
     * nothing.
     *
     * @param region as its leader knows it
     * @param gone must not be among its peers
     * @throws IllegalArgumentException if it is, or the group has made it a voter since
     */
    public synchronized void remove(Region region, Peer gone) {
        if (region.getPeersList().contains(gone)) {
            throw new IllegalArgumentException(
                    "peer %s is a member of region %s"
                            .formatted(
                                    Long.toUnsignedString(gone.getId()),
                                    Long.toUnsignedString(region.getId())));
        }
        RegionPeer known = peers.get(new RegionId(region.getId()));
        if (known != null && known.self().equals(gone) && running) {
            if (votes(known, region)) {
                throw new IllegalArgumentException(
                        "peer %s votes in region %s"
                                .formatted(Long.toUnsignedString(gone.getId()), known.id()));
            }
            destroy(known);
        }
    }

    private void start(RegionPeer peer) {
        Region region = peer.descriptor();
        Members initial =
                region.getEpoch().getConfVersion() == FIRST_CONF_VERSION
                        ? Members.of(peer.peers())
                        : Members.UNKNOWN;
        RegionMachine machine =
                new RegionMachine(engine, peer.id(), peer.range(), peer, peer.checks(), digests);
        peers.put(peer.id(), peer);
        RaftGroup<Applied> group = host.start(peer.id(), peer.self().getId(), initial, machine);
        peer.started(group, () -> soon("region-removal", () -> removed(peer)));
        group.listen(
                new GroupListener() {
                    @Override
                    public void stateChanged(GroupState state) {
                        log.info(
                                "region {}: leader {} in term {}",
                                peer.id(),
                                state.leader() == null ? "unknown" : state.leader(),
                                state.term());
                        onChange.accept(peer);
                    }

                    @Override
                    public void membersChanged(Members members) {
                        log.info("region {}: members {}", peer.id(), members.voters());
                        onChange.accept(peer);
                    }
                });
    }

    /** The log said that this peer is a member no more. */
    private synchronized void removed(RegionPeer peer) {
        if (running && peers.get(peer.id()) == peer) {
            destroy(peer);
        }
    }

    private void destroy(RegionPeer peer) {
        log.info(
                "removing peer {} of region {} from this store",
                Long.toUnsignedString(peer.self().getId()),
                peer.id());
        peers.remove(peer.id());
        peer.remove();
        destroyRecords(peer);
    }

    private void destroyRecords(RegionPeer peer) {
        engine.replicas().destroy(peer.id(), peer.range());
    }

    private void soon(String name, Runnable work) {
        Thread.ofVirtual()
                .name(name)
                .start(() -> {
                    try {
                        work.run();
                    } catch (RuntimeException | Error e) {
                        onFatal.accept(e);
                    }
                });
    }

    /**
     * No more replicas are made, removed or checked. Their groups are the host's to close, and the
     * engine, which waits for checks under way, after that.
     */
    public synchronized void close() {
        running = false;
        digests.close();
    }

    static io.flaredb.raft.Peer raftPeer(Peer peer) {
        return new io.flaredb.raft.Peer(peer.getStoreId(), peer.getId());
    }

    static Peer wirePeer(io.flaredb.raft.Peer peer) {
        return Peer.newBuilder().setId(peer.peerId()).setStoreId(peer.storeId()).build();
    }

    private static Region withPeer(Region region, Peer peer) {
        List<Peer> known = region.getPeersList();
        return known.contains(peer) ? region : region.toBuilder().addPeers(peer).build();
    }
}
