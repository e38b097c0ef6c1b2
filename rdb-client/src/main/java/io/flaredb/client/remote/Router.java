package io.flaredb.client.remote;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.SizeLimits;
import io.flaredb.client.InvalidRequestException;
import io.flaredb.client.retry.Deadline;
import io.flaredb.client.retry.RetryLoop;
import io.flaredb.client.retry.RetryableException;
import io.flaredb.proto.meta.Peer;
import io.flaredb.proto.meta.Region;
import io.flaredb.proto.meta.Store;
import io.flaredb.proto.pd.RegionRoute;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Knows which store to ask about a key, and learns from what stores answer.
 *
 * <p>A known route is used without the placement driver. If its store does not answer, or leads no
 * more and does not know who does, the next attempt goes to the region's next replica: one of them
 * leads sooner or later, or knows who does. The placement driver is asked meanwhile, in the
 * background, since regions and addresses may have changed too. Whoever it names as leader is not
 * believed while that store is a suspect, or was found not to lead in that term. Thread-safe.
 */
final class Router {
    /** Longest wait for one answer of the placement driver. */
    private static final Duration LOOK_UP_TIMEOUT = Duration.ofSeconds(1);

    private static final long REFRESH_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final PlacementClient placement;
    private final Suspects suspects;
    private final NamedLeaders namedLeaders = new NamedLeaders();
    private final RouteTable table = new RouteTable();
    private final Map<Long, HostPort> stores = new ConcurrentHashMap<>();

    /** By store, what is wrong with its address: it is from before such were refused. */
    private final Map<Long, String> unreachable = new ConcurrentHashMap<>();

    private final AtomicInteger turns = new AtomicInteger();
    private final AtomicLong refreshedNanos =
            new AtomicLong(System.nanoTime() - REFRESH_INTERVAL_NANOS);

    // One look-up at a time, whatever its key: when a region moves, thousands of operations miss it
    // together.
    private final Shared<Route> lookups = new Shared<>();

    /** Why the placement driver turned the last look-up away for good; null: it did not. */
    private volatile @Nullable RuntimeException refusal;

    Router(PlacementClient placement, Suspects suspects) {
        this.placement = placement;
        this.suspects = suspects;
    }

    /** The route for a key that needs no look-up; null: there is none. */
    @Nullable Route known(Bytes key) {
        Route route = table.find(key);
        return route == null ? null : preferred(route);
    }

    /** What {@link #find} gives at once; null: it has to look, or refuses. */
    @Nullable Route findNow(Bytes key) {
        Route route = known(key);
        return route != null && whyNot(route) == null ? route : null;
    }

    /** The route for a key; one attempt, fails with a {@link RetryableException}. */
    CompletableFuture<Route> find(Bytes key, Deadline deadline) {
        Route route = known(key);
        return route == null ? lookUp(key, deadline) : usable(route);
    }

    /** The route of a region; one attempt, fails with a {@link RetryableException}. */
    CompletableFuture<Route> findRegion(long regionId, Deadline deadline) {
        Route route = table.ofRegion(regionId);
        return route == null
                ? placement.routeOfRegion(regionId, shortened(deadline)).thenApply(this::learn)
                : usable(preferred(route));
    }

    /** A store that is to be asked for want of a better one is asked unless all is in vain. */
    private CompletableFuture<Route> usable(Route route) {
        RuntimeException why = whyNot(route);
        return why != null
                ? CompletableFuture.failedFuture(why)
                : CompletableFuture.completedFuture(route);
    }

    private @Nullable RuntimeException whyNot(Route route) {
        RuntimeException why = refusal;
        return why != null && isSuspect(route) ? why : null;
    }

    /** The route to any replica of a region, each in its turn, for a stale read. */
    Route anyReplica(Route route) {
        List<Peer> peers = route.region().getPeersList();
        int turn = turns.getAndIncrement();
        Route chosen = route;
        for (int i = 0; i < peers.size(); i++) {
            Peer peer = peers.get(Math.floorMod(turn + i, peers.size()));
            HostPort address = stores.get(peer.getStoreId());
            if (address != null && !suspects.contains(peer.getStoreId(), route.regionId())) {
                chosen = route.at(peer.getStoreId(), address);
                break;
            }
        }
        return chosen.forStaleRead();
    }

    /** One replica of a region, whether or not it leads; one attempt as before. */
    CompletableFuture<Route> replica(Region region, long storeId, Deadline deadline) {
        HostPort address = stores.get(storeId);
        if (address != null) {
            return CompletableFuture.completedFuture(route(region, storeId, address));
        }
        return placement
                .routeOfRegion(region.getId(), shortened(deadline))
                .thenApply(answer -> {
                    learnStores(answer);
                    HostPort found = stores.get(storeId);
                    if (found == null) {
                        throw addressUnknown(storeId);
                    }
                    return route(region, storeId, found);
                });
    }

    private CompletableFuture<Route> lookUp(Bytes key, Deadline deadline) {
        return lookups.join(
                        () ->
                                placement
                                        .route(asKey(key), shortened(deadline))
                                        .thenApply(this::learn)
                                        .whenComplete(this::lookedUp),
                        deadline,
                        placement.name())
                .thenCompose(found ->
                        found.range().contains(key)
                                ? CompletableFuture.completedFuture(found)
                                : find(key, deadline)); // it was someone else's look-up
    }

    /** In the same region: none begins or ends at a bound longer than a key, as scans may. */
    private static Bytes asKey(Bytes bound) {
        return bound.size() <= SizeLimits.MAX_KEY_BYTES
                ? bound
                : Bytes.wrap(Arrays.copyOf(bound.unsafeArray(), SizeLimits.MAX_KEY_BYTES));
    }

    private void lookedUp(@Nullable Route found, @Nullable Throwable error) {
        Throwable cause = error == null ? null : RetryLoop.unwrap(error);
        refusal =
                cause instanceof RuntimeException refused && !(cause instanceof RetryableException)
                        ? refused
                        : null;
    }

    private static Deadline shortened(Deadline deadline) {
        Duration left = Duration.ofNanos(Math.max(0, deadline.remainingNanos()));
        return left.compareTo(LOOK_UP_TIMEOUT) < 0 ? deadline : Deadline.after(LOOK_UP_TIMEOUT);
    }

    /** Asks the placement driver anew, in the background. */
    private void refresh(Route route) {
        long now = System.nanoTime();
        long before = refreshedNanos.get();
        if (now - before < REFRESH_INTERVAL_NANOS || !refreshedNanos.compareAndSet(before, now)) {
            return; // many operations fail together
        }
        var unused =
                lookUp(route.range().startInclusive(), Deadline.after(LOOK_UP_TIMEOUT))
                        .exceptionally(notNow -> route);
    }

    private Route learn(RegionRoute answer) {
        learnStores(answer);
        Region region = answer.getRegion();
        if (region.getPeersCount() == 0) {
            throw new RetryableException(
                    "region " + Long.toUnsignedString(region.getId()) + " has no peers");
        }
        long leader = leader(answer);
        HostPort address = stores.get(leader);
        Route route =
                address != null
                        ? preferred(route(region, leader, address))
                        : firstPeer(region, leader);
        table.put(route);
        return route;
    }

    /** Whom to ask first: the named leader, unless there is a better idea. */
    private long leader(RegionRoute answer) {
        Region region = answer.getRegion();
        long named = answer.hasLeader() ? answer.getLeader().getStoreId() : 0;
        if (named != 0
                && namedLeaders.isNews(region.getId(), named, answer.getTerm())
                && !suspects.contains(named, region.getId())) {
            return named;
        }
        Route before = table.ofRegion(region.getId());
        if (before != null && before.isPeer(region) && !isSuspect(before)) {
            return before.storeId();
        }
        return named != 0 ? named : region.getPeers(0).getStoreId();
    }

    /** A leader without an address may be about to start; another peer may know more. */
    private Route firstPeer(Region region, long leader) {
        for (Peer peer : region.getPeersList()) {
            HostPort address = stores.get(peer.getStoreId());
            if (address != null) {
                return preferred(route(region, peer.getStoreId(), address));
            }
        }
        throw addressUnknown(leader);
    }

    private Route route(Region region, long storeId, HostPort address) {
        return Route.of(placement.learntClusterId(), region, storeId, address);
    }

    private RetryableException addressUnknown(long storeId) {
        String store = "store " + Long.toUnsignedString(storeId);
        String wrong = unreachable.get(storeId);
        return new RetryableException(
                wrong == null
                        ? "the address of " + store + " is not known to the " + placement.name()
                        : placement.name() + " tells of " + store + ": " + wrong);
    }

    private void learnStores(RegionRoute answer) {
        for (Store store : answer.getStoresList()) {
            if (store.getAddress().isEmpty()) {
                // It serves in its own process only, or another serves at its address now.
                stores.remove(store.getId());
                unreachable.remove(store.getId());
            } else {
                learnStore(store.getId(), store.getAddress());
            }
        }
    }

    private void learnStore(long storeId, String address) {
        try {
            stores.put(storeId, HostPort.parse(address));
            unreachable.remove(storeId);
        } catch (InvalidRequestException malformed) { // the other stores are as good as ever
            stores.remove(storeId);
            unreachable.put(storeId, malformed.getMessage());
        }
    }

    private boolean isSuspect(Route route) {
        return suspects.contains(route.storeId(), route.regionId());
    }

    /** The route, or one to the next replica in the row that is no suspect. */
    private Route preferred(Route route) {
        return isSuspect(route) ? next(route, false) : route;
    }

    /**
     * The route to the replica behind this one in the row.
     *
     * @param orSuspect go there too if there is no other
     */
    private Route next(Route route, boolean orSuspect) {
        List<Peer> peers = route.region().getPeersList();
        int here = 0;
        while (here < peers.size() && peers.get(here).getStoreId() != route.storeId()) {
            here++;
        }
        @Nullable Route suspect = null;
        for (int i = 1; i <= peers.size(); i++) {
            long storeId = peers.get((here + i) % peers.size()).getStoreId();
            HostPort address = stores.get(storeId);
            if (address != null && storeId != route.storeId()) {
                Route other = route.at(storeId, address);
                if (!isSuspect(other)) {
                    return other;
                }
                suspect = suspect == null ? other : suspect;
            }
        }
        return orSuspect && suspect != null ? suspect : route;
    }

    /** The store did not answer, or cannot say who leads: the next one is to be asked. */
    void tryAnother(Route route) {
        namedLeaders.foundWrong(route.regionId(), route.storeId());
        table.replace(route, next(route, isSuspect(route)));
        refresh(route);
    }

    /** The route is wrong. */
    void forget(Route route) {
        table.remove(route);
    }

    /**
     * The store says that another one leads the region.
     *
     * @param storeId 0: it does not know which
     * @return whether that one is to be asked now
     */
    boolean leaderIs(Route route, long storeId) {
        HostPort address = stores.get(storeId); // null for 0
        if (address == null
                || storeId == route.storeId()
                || suspects.contains(storeId, route.regionId())) {
            tryAnother(route);
            return false;
        }
        namedLeaders.foundWrong(route.regionId(), route.storeId());
        table.replace(route, route.at(storeId, address));
        return true;
    }

    /**
     * A store describes the regions it has instead.
     *
     * @return whether there is news in it
     */
    boolean regionsAre(Route asked, List<Region> current) {
        boolean news = false;
        for (Region region : current) {
            // It leads them, or says who does; unless any replica was asked.
            Route before = asked.isStaleRead() ? table.ofRegion(region.getId()) : null;
            Route to = before == null ? asked : before;
            Route route = route(region, to.storeId(), to.address());
            if (!asked.isNewerThan(route) && !asked.isSameAs(route)) {
                table.put(route);
                news = true;
            }
        }
        if (!news) {
            refresh(asked);
        }
        return news;
    }
}
