package io.flaredb.client.remote;

import io.flaredb.bytes.Bytes;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The routes known so far; their ranges never overlap.
 *
 * <p>Thread-safe: reading takes no lock, changing copies the map, which has a few hundred entries
 * at most and changes seldom.
 */
final class RouteTable {
    private volatile NavigableMap<Bytes, Route> byStartKey = Collections.emptyNavigableMap();

    /** The route of the region that holds {@code key}; null: not known. */
    @Nullable Route find(Bytes key) {
        Map.Entry<Bytes, Route> below = byStartKey.floorEntry(key);
        return below != null && below.getValue().range().contains(key) ? below.getValue() : null;
    }

    /** The route of a region; null: not known. */
    @Nullable Route ofRegion(long regionId) {
        for (Route route : byStartKey.values()) {
            if (route.regionId() == regionId) {
                return route;
            }
        }
        return null;
    }

    /**
     * Takes a route in, in place of all routes that share keys with it, unless one of them is
     * newer.
     */
    synchronized void put(Route route) {
        TreeMap<Bytes, Route> changed = new TreeMap<>(byStartKey);
        for (Route known : byStartKey.values()) {
            if (!known.range().intersect(route.range()).isEmpty()) {
                if (known.isNewerThan(route)) {
                    return;
                }
                changed.remove(known.range().startInclusive());
            }
        }
        changed.put(route.range().startInclusive(), route);
        byStartKey = changed;
    }

    /** Puts a route in place of another to the same store, if that one is still in use. */
    synchronized void replace(Route route, Route by) {
        Route known = byStartKey.get(route.range().startInclusive());
        if (known != null
                && known.isSameAs(route)
                && known.storeId() == route.storeId()
                && known.storeId() != by.storeId()) {
            TreeMap<Bytes, Route> changed = new TreeMap<>(byStartKey);
            changed.put(known.range().startInclusive(), known.at(by.storeId(), by.address()));
            byStartKey = changed;
        }
    }

    /** Forgets a region's route, if it is still the one in use, whichever store it leads to. */
    synchronized void remove(Route route) {
        Route known = byStartKey.get(route.range().startInclusive());
        if (known != null && known.isSameAs(route)) {
            TreeMap<Bytes, Route> changed = new TreeMap<>(byStartKey);
            changed.remove(route.range().startInclusive());
            byStartKey = changed;
        }
    }
}
