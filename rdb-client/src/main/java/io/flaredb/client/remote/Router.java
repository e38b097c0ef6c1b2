package io.flaredb.client.remote;

import io.flaredb.bytes.Bytes;
import io.flaredb.client.CorruptionException;
import io.flaredb.client.InvalidRequestException;
import io.flaredb.client.retry.Deadline;
import io.flaredb.client.retry.RetryLoop;
import io.flaredb.client.retry.RetryableException;
import io.flaredb.proto.meta.Peer;
import io.flaredb.proto.meta.Region;
import io.flaredb.proto.meta.Store;
import io.flaredb.proto.pd.RegionRoute;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Knows which store to ask about a key, and learns from what stores answer.
 *
 * <p>A known route is used without the placement driver. If its store does not answer, the
 * placement driver is asked once more before the next attempt, since the store may have moved; if
 * the placement driver does not answer either, the route stays. Thread-safe.
 */
final class Router {
    /** Longest wait for the placement driver where there is a route to fall back on. */
    private static final Duration REFRESH_TIMEOUT = Duration.ofSeconds(1);

    private final PlacementClient placement;
    private final RouteTable table = new RouteTable();
    private final Map<Long, HostPort> stores = new ConcurrentHashMap<>();
    private final Set<Long> doubtfulRegions = ConcurrentHashMap.newKeySet();

    // One look-up at a time, whatever its key: when a region moves, thousands of operations miss it
    // together. They share the timeout too, so none waits for a look-up that outlives it.
    private final Shared<Route> lookups = new Shared<>();

    Router(PlacementClient placement) {
        this.placement = placement;
    }

    /** The route for a key that needs no look-up; null: there is none. */
    @Nullable Route known(Bytes key) {
        Route route = table.find(key);
        return route == null || doubtfulRegions.contains(route.regionId()) ? null : route;
    }

    /** The route for a key; one attempt, fails with a {@link RetryableException}. */
    CompletableFuture<Route> find(Bytes key, Deadline deadline) {
        Route route = table.find(key);
        if (route == null) {
            return lookUp(key, deadline);
        }
        return doubtfulRegions.contains(route.regionId())
                ? refresh(route, key, deadline)
                : CompletableFuture.completedFuture(route);
    }

    private CompletableFuture<Route> refresh(Route route, Bytes key, Deadline deadline) {
        Duration half = Duration.ofNanos(Math.max(0, deadline.remainingNanos() / 2));
        Deadline soon =
                Deadline.after(half.compareTo(REFRESH_TIMEOUT) < 0 ? half : REFRESH_TIMEOUT);
        return lookUp(key, soon)
                .exceptionally(error -> {
                    if (RetryLoop.unwrap(error) instanceof RetryableException) {
                        return route;
                    }
                    throw new CompletionException(RetryLoop.unwrap(error));
                })
                .whenComplete((answer, error) -> doubtfulRegions.remove(route.regionId()));
    }

    private CompletableFuture<Route> lookUp(Bytes key, Deadline deadline) {
        return lookups.join(() -> placement.route(key, deadline).thenApply(this::learn))
                .thenCompose(found ->
                        found.range().contains(key)
                                ? CompletableFuture.completedFuture(found)
                                : find(key, deadline)); // it was someone else's look-up
    }

    /** The route of a region; one attempt, fails with a {@link RetryableException}. */
    CompletableFuture<Route> findRegion(long regionId, Deadline deadline) {
        Route route = table.ofRegion(regionId);
        return route == null || doubtfulRegions.contains(regionId)
                ? placement.routeOfRegion(regionId, deadline).thenApply(this::learn)
                : CompletableFuture.completedFuture(route);
    }

    /** One replica of a region, whether or not it leads; one attempt as before. */
    CompletableFuture<Route> replica(Region region, long storeId, Deadline deadline) {
        HostPort address = stores.get(storeId);
        if (address != null) {
            return CompletableFuture.completedFuture(route(region, storeId, address));
        }
        return placement
                .routeOfRegion(region.getId(), deadline)
                .thenApply(answer -> {
                    learnStores(answer);
                    HostPort found = stores.get(storeId);
                    if (found == null) {
                        throw addressUnknown(storeId);
                    }
                    return route(region, storeId, found);
                });
    }

    private Route route(Region region, long storeId, HostPort address) {
        return Route.of(placement.learntClusterId(), region, storeId, address);
    }

    private RetryableException addressUnknown(long storeId) {
        return new RetryableException(
                "the address of store "
                        + Long.toUnsignedString(storeId)
                        + " is not known to the "
                        + placement.name());
    }

    private void learnStores(RegionRoute answer) {
        for (Store store : answer.getStoresList()) {
            // Empty: it serves in its own process only, or another serves at its address now.
            if (!store.getAddress().isEmpty()) {
                stores.put(store.getId(), address(store));
            }
        }
    }

    private Route learn(RegionRoute answer) {
        learnStores(answer);
        Region region = answer.getRegion();
        if (region.getPeersCount() == 0) {
            throw new RetryableException(
                    "region " + Long.toUnsignedString(region.getId()) + " has no peers");
        }
        Peer leader = answer.hasLeader() ? answer.getLeader() : region.getPeers(0);
        HostPort address = stores.get(leader.getStoreId());
        if (address == null) {
            throw addressUnknown(leader.getStoreId());
        }
        Route route = route(region, leader.getStoreId(), address);
        table.put(route);
        return route;
    }

    private HostPort address(Store store) {
        try {
            return HostPort.parse(store.getAddress());
        } catch (InvalidRequestException e) {
            throw new CorruptionException(
                    placement.name()
                            + " tells of store "
                            + Long.toUnsignedString(store.getId())
                            + ": "
                            + e.getMessage(),
                    e);
        }
    }

    /** The store did not answer: ask the placement driver before the next attempt. */
    void doubt(Route route) {
        doubtfulRegions.add(route.regionId());
    }

    /** The route is wrong. */
    void forget(Route route) {
        table.remove(route);
    }

    /** Another store leads the region; 0: it is not known which. */
    void leaderIs(Route route, long storeId) {
        HostPort address = storeId == 0 ? null : stores.get(storeId);
        if (address == null) {
            table.remove(route);
        } else {
            table.put(route.ledBy(storeId, address));
        }
    }

    /** The store that {@code asked} led to describes the regions it has instead. */
    void regionsAre(Route asked, Iterable<Region> current) {
        table.remove(asked);
        for (Region region : current) {
            // It leads them, or says who does.
            table.put(
                    Route.of(
                            asked.context().getClusterId(),
                            region,
                            asked.storeId(),
                            asked.address()));
        }
    }
}
