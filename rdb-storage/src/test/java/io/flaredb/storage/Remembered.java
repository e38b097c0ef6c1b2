package io.flaredb.storage;

import io.flaredb.bytes.KeyRange;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** What a region remembers of numbered writes, in words that can be compared. */
final class Remembered {
    private Remembered() {}

    /** By session, and by session and sequence. */
    static Map<String, String> of(StorageEngine engine) {
        RequestTable table = engine.requests().of(EngineTest.REGION);
        Map<String, String> remembered = new TreeMap<>();
        remembered.put("clock", table.clockMillis() + " " + table.rememberedFromMillis());
        for (Session session : table.sessions()) {
            remembered.put(
                    session.id().toString(),
                    "from %d, active at %d, place %d"
                            .formatted(
                                    session.lowest(),
                                    session.lastActiveMillis(),
                                    session.lastPlace()));
            session.outcomes()
                    .forEach((sequence, outcome) ->
                            remembered.put(
                                    session.id() + " " + sequence,
                                    HexFormat.of().formatHex(outcome)));
        }
        return remembered;
    }

    static RegionDigest digest(StorageEngine engine) {
        return engine.replicas()
                .digest(EngineTest.REGION, KeyRange.ALL, () -> false, Runnable::run)
                .join();
    }
}
