package io.flaredb.pd;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import io.flaredb.pd.DurableState.Change;
import io.flaredb.pd.tso.TimestampOracle;
import io.flaredb.proto.meta.Peer;
import io.flaredb.proto.pd.BootstrapRequest;
import io.flaredb.proto.pd.BootstrapResponse;
import io.flaredb.proto.pd.RegionHeartbeatRequest;
import io.flaredb.proto.pd.RegionHeartbeatResponse;
import io.flaredb.proto.pd.RegionRoute;
import io.flaredb.proto.pd.RegisterStoreRequest;
import io.flaredb.proto.pd.RegisterStoreResponse;
import io.flaredb.proto.pd.ReplacePeer;
import io.flaredb.proto.pd.StoreHeartbeatRequest;
import io.flaredb.proto.pd.StoreState;
import io.flaredb.proto.pd.StoreStatus;
import io.flaredb.storage.Role;
import io.flaredb.storage.StorageEngine;
import io.flaredb.storage.StoreIdentity;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Gives out timestamps, knows the stores, and knows which region holds a key.
 *
 * <p>Thread-safe. Timestamps and look-ups never wait for the disk. The methods that change
 * something ({@link #registerStore}, {@link #bootstrap}, {@link #allocatePeerId}, the heartbeats)
 * take turns and block until their change is durable; each may be repeated. What is asked for and
 * answered are the messages of pdpb.proto, so that a call means the same with and without a
 * network.
 *
 * <p>Refusals are {@link PlacementDriverException}s.
 */
public final class PlacementDriver implements AutoCloseable {
    /** Most regions one look-up returns. */
    public static final int MAX_SCAN_REGIONS = 10_000;

    private final PlacementDriverOptions options;
    private final StorageEngine engine;
    private final long clusterId;
    private final DurableState state;
    private final Liveness liveness;
    private final FirstRegions firstRegions;
    private final StoreReplacement replacement;
    private final TimestampOracle oracle;

    private PlacementDriver(
            PlacementDriverOptions options,
            StorageEngine engine,
            long clusterId,
            DurableState state,
            TimestampOracle oracle) {
        this.options = options;
        this.engine = engine;
        this.clusterId = clusterId;
        this.state = state;
        this.liveness = new Liveness(options.nanoClock(), options.storeUp());
        this.firstRegions = new FirstRegions(liveness::isUp);
        this.replacement = new StoreReplacement(liveness::isUp);
        this.oracle = oracle;
    }

    /**
     * Opens a placement driver's data folder, or makes a new cluster in it if it is absent or
     * empty.
     *
     * @param onFatal called from any thread, perhaps several times, with what the placement driver
     *     must not go on after: corruption; the callee ends it. Must not block
     * @throws io.flaredb.storage.StorageException if the folder is in use, is not a placement
     *     driver's, or cannot be read or written
     * @throws IllegalStateException if the folder holds a record that no placement driver wrote
     */
    public static PlacementDriver open(
            Path dataDir, PlacementDriverOptions options, Consumer<Throwable> onFatal) {
        StorageEngine engine =
                StorageEngine.open(dataDir, options.storage(), Role.PLACEMENT_DRIVER);
        try {
            StoreIdentity identity = engine.identity().orElseGet(() -> createCluster(engine));
            DurableState state = new DurableState(engine, onFatal);
            TimestampOracle oracle =
                    TimestampOracle.start(state, options.wallClock(), options.tsoAhead());
            return new PlacementDriver(options, engine, identity.clusterId(), state, oracle);
        } catch (RuntimeException e) {
            engine.close();
            throw e;
        }
    }

    /** Unsigned, but drawn from the positive longs; never 0. */
    public long clusterId() {
        return clusterId;
    }

    /** Whether the cluster has its first regions. */
    public boolean isBootstrapped() {
        return state.current().isBootstrapped();
    }

    /**
     * Gives out {@code count} timestamps in a row, each greater than all before.
     *
     * @param count 1 to 262,144
     * @return the first of them
     * @throws IllegalArgumentException if {@code count} is out of range
     * @throws io.flaredb.pd.tso.TimestampsUnavailableException while the disk stalls or fails
     */
    public long allocateTimestamps(int count) {
        return oracle.allocate(count);
    }

    /**
     * Makes a store known, or known again; the same data folder gets the same id. An empty address
     * stands for a store that serves in its own process only; one known by another address keeps
     * that.
     *
     * <p>A new store at the address of one that is silent takes its place: leaders are told to
     * replace the peers there, see {@link #regionHeartbeat}. A replaced store that registers again
     * keeps those of its peers that are still members.
     */
    public RegisterStoreResponse registerStore(RegisterStoreRequest request) {
        StoreRegistration registration = StoreRegistration.of(request);
        StoreRecord store =
                state.change(current ->
                                registration.decide(
                                        current,
                                        clusterId,
                                        options.wallClock().millis(),
                                        liveness::isSilent,
                                        options.storeUp()))
                        .storeOf(registration.uuid());
        if (store == null) {
            throw new AssertionError("registered and not there");
        }
        liveness.heardOf(store.id());
        return RegisterStoreResponse.newBuilder()
                .setClusterId(clusterId)
                .setStoreId(store.id())
                .build();
    }

    /**
     * Gives the cluster its first regions once as many stores as a region has replicas have asked
     * for the same ones, and says which of the regions are on the store that asks. To be called
     * again until it is done; whoever asks counts as up, and waits until it is not.
     */
    public BootstrapResponse bootstrap(BootstrapRequest request) {
        requireCluster(request.getClusterId());
        FirstLayout layout = FirstRegions.layoutOf(request);
        long storeId = request.getStoreId();
        requireStore(state.current(), storeId);
        liveness.heardOf(storeId);
        BootstrapResponse.Builder response = BootstrapResponse.newBuilder();
        PlacementState after =
                state.change(current -> {
                    Change change = firstRegions.decide(current, storeId, layout);
                    response.setMissingStores(
                            change.next().isBootstrapped() ? 0 : firstRegions.missing(layout));
                    return change;
                });
        return response.setBootstrapped(after.isBootstrapped())
                .addAllRegions(after.regionsOn(storeId).toList())
                .build();
    }

    /** An id for a new peer: never 0, never given before, nor again after a restart. */
    public long allocatePeerId() {
        PlacementState after =
                state.change(current -> {
                    PlacementState next = current.withPeerIdGiven();
                    return new Change(
                            next, List.of(PlacementRecords.nextPeerId(next.nextPeerId())));
                });
        return after.nextPeerId() - 1;
    }

    /**
     * A store is alive, and how it is.
     *
     * <p>A store whose address and place another one took while it was silent is refused, and does
     * not count as heard of: nobody can reach it, so its peers are to be replaced as if it were
     * gone. It must register again.
     */
    public void storeHeartbeat(StoreHeartbeatRequest request) {
        requireCluster(request.getClusterId());
        requireInPlace(state.current(), request.getStoreId());
        // It is alive, even if that cannot be written down.
        liveness.heardOf(request.getStoreId());
        state.change(current -> {
            StoreRecord heard =
                    requireInPlace(current, request.getStoreId())
                            .heard(request.getStats(), options.wallClock().millis());
            return new Change(current.withStore(heard), List.of(PlacementRecords.store(heard)));
        });
    }

    /**
     * How a region is, from its leader; an old leader's is ignored.
     *
     * @return a peer to replace, if there is one on a store whose place another has taken. Said
     *     again with each heartbeat, each time with another peer id to add, until it is done
     */
    public RegionHeartbeatResponse regionHeartbeat(RegionHeartbeatRequest request) {
        requireCluster(request.getClusterId());
        RegionReport report = new RegionReport(request);
        PlacementState after = state.change(report::decide);
        RegionRoute route = after.region(request.getRegion().getId());
        if (route == null || !report.isCurrent(route)) {
            return RegionHeartbeatResponse.getDefaultInstance();
        }
        return replacement
                .advise(after, route)
                .map(this::replace)
                .orElseGet(RegionHeartbeatResponse::getDefaultInstance);
    }

    private RegionHeartbeatResponse replace(StoreReplacement.Advice advice) {
        ReplacePeer.Builder replace = ReplacePeer.newBuilder().setRemove(advice.remove());
        Long addOn = advice.addOn();
        if (addOn != null) {
            replace.setAdd(Peer.newBuilder().setId(allocatePeerId()).setStoreId(addOn));
        }
        return RegionHeartbeatResponse.newBuilder().setReplace(replace).build();
    }

    /** The region that holds a key and its peers' stores; empty: there is none yet. */
    public Optional<RegionRoute> route(Bytes key) {
        PlacementState current = state.current();
        return Optional.ofNullable(current.regionOf(key)).map(found -> withStores(current, found));
    }

    /**
     * The regions that share keys with a range, in key order, at one moment.
     *
     * @param limit most to return, 1 to {@link #MAX_SCAN_REGIONS}
     */
    public List<RegionRoute> scanRegions(KeyRange range, int limit) {
        if (limit < 1 || limit > MAX_SCAN_REGIONS) {
            throw new PlacementDriverException.InvalidRequest(
                    "limit is %s: allowed are 1 to %d"
                            .formatted(Integer.toUnsignedString(limit), MAX_SCAN_REGIONS));
        }
        PlacementState current = state.current();
        return current.regionsIn(range)
                .limit(limit)
                .map(found -> withStores(current, found))
                .toList();
    }

    /** One store; refused with {@link PlacementDriverException.NotFound} if there is none. */
    public StoreStatus store(long storeId) {
        return status(requireStore(state.current(), storeId));
    }

    /** All stores in the order of their ids. */
    public List<StoreStatus> stores() {
        return state.current().stores().values().stream().map(this::status).toList();
    }

    /** Refuses a request that is for another cluster. */
    public void requireCluster(long named) {
        if (named != clusterId) {
            throw new PlacementDriverException.WrongCluster(
                    "the request is for cluster %s, this placement driver serves cluster %s"
                            .formatted(
                                    Long.toUnsignedString(named),
                                    Long.toUnsignedString(clusterId)));
        }
    }

    /**
     * Gives out nothing more, waits for changes under way, and closes the data folder. A second
     * time does nothing.
     */
    @Override
    public void close() {
        oracle.close();
        engine.close();
    }

    private static StoreIdentity createCluster(StorageEngine engine) {
        SecureRandom random = new SecureRandom();
        StoreIdentity identity =
                new StoreIdentity(
                        Role.PLACEMENT_DRIVER,
                        UUID.randomUUID(),
                        random.nextLong(1, Long.MAX_VALUE),
                        0);
        engine.writeIdentity(identity);
        return identity;
    }

    private static StoreRecord requireStore(PlacementState state, long id) {
        StoreRecord store = state.stores().get(id);
        if (store == null) {
            throw new PlacementDriverException.NotFound(
                    "no store %s is registered".formatted(Long.toUnsignedString(id)));
        }
        return store;
    }

    private static StoreRecord requireInPlace(PlacementState state, long id) {
        StoreRecord store = requireStore(state, id);
        StoreRecord by = state.stores().get(store.replacedBy());
        if (by != null) {
            throw new PlacementDriverException.AddressTaken(
                    "store %s was silent, and store %s has taken its address%s and its place: start"
                                    .formatted(
                                            Long.toUnsignedString(id),
                                            Long.toUnsignedString(by.id()),
                                            by.address().isEmpty() ? "" : " " + by.address())
                            + " it again at another address, or not at all");
        }
        return store;
    }

    private StoreStatus status(StoreRecord store) {
        return StoreStatus.newBuilder()
                .setStore(store.descriptor())
                .setState(
                        liveness.isUp(store.id())
                                ? StoreState.STORE_STATE_UP
                                : StoreState.STORE_STATE_DISCONNECTED)
                .setLastHeartbeatMs(store.lastHeardMillis())
                .setStats(store.stats())
                .setReplacedBy(store.replacedBy())
                .build();
    }

    private static RegionRoute withStores(PlacementState state, RegionRoute route) {
        RegionRoute.Builder full = route.toBuilder();
        for (Peer peer : route.getRegion().getPeersList()) {
            StoreRecord store = state.stores().get(peer.getStoreId());
            if (store != null) {
                full.addStores(store.descriptor());
            }
        }
        return full.build();
    }
}
