package io.flaredb.client.remote;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Whom the placement driver named as leaders. It learns of a new one by a heartbeat, so for a while
 * it goes on naming one that leads no more: who was found not to lead is not believed to again
 * before another term. Thread-safe.
 */
final class NamedLeaders {
    private record Named(long storeId, long term, boolean wrong) {}

    private final Map<Long, Named> byRegion = new ConcurrentHashMap<>();

    /**
     * The placement driver names a leader.
     *
     * @return false: that one was found wrong
     */
    boolean isNews(long regionId, long storeId, long term) {
        Named named =
                byRegion.compute(
                        regionId,
                        (id, before) ->
                                before != null
                                                && before.storeId() == storeId
                                                && before.term() == term
                                        ? before
                                        : new Named(storeId, term, false));
        return !named.wrong();
    }

    /** The store does not answer, or does not lead the region. */
    void foundWrong(long regionId, long storeId) {
        byRegion.computeIfPresent(
                regionId,
                (id, named) ->
                        named.storeId() == storeId
                                ? new Named(storeId, named.term(), true)
                                : named);
    }
}
