package io.flaredb.storage;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * What one batch changes in a region's {@link RequestTable}, to be written with its effects.
 *
 * <p>Of outcomes only the blocks are noted, which are then written as the table has them at the end
 * of the batch: one record for each, however many of its outcomes are new.
 */
final class RequestChanges {
    private final RegionId region;
    private final RequestTable table;
    private final Map<Session, Blocks> touched = new LinkedHashMap<>();
    private final List<SessionId> dropped = new ArrayList<>();

    /** Blocks of a session that got an outcome. */
    private static final class Blocks {
        private final Set<Long> numbers = new HashSet<>();
        private long last = -1;

        void add(long block) {
            if (block != last) { // sequences mostly ascend
                last = block;
                numbers.add(block);
            }
        }
    }

    RequestChanges(RegionId region, RequestTable table) {
        this.region = region;
        this.table = table;
    }

    RequestTable table() {
        return table;
    }

    void remembered(Session session, long sequence) {
        blocks(session).add(OutcomeBlock.of(sequence));
    }

    void touched(Session session) {
        blocks(session);
    }

    private Blocks blocks(Session session) {
        return touched.computeIfAbsent(session, any -> new Blocks());
    }

    void dropped(Session session) {
        touched.remove(session);
        dropped.add(session.id());
    }

    void fill(Database database, WriteBatch batch) throws RocksDBException {
        ColumnFamilyHandle family = database.handle(ColumnFamily.REQUESTS);
        for (var entry : touched.entrySet()) {
            Session session = entry.getKey();
            for (long block : entry.getValue().numbers) {
                put(session, block, family, batch);
            }
            batch.put(
                    family,
                    RequestKey.session(region, session.id()),
                    ByteBuffer.allocate(3 * Long.BYTES)
                            .putLong(session.lowest())
                            .putLong(session.lastActiveMillis())
                            .putLong(session.lastPlace())
                            .array());
        }
        for (SessionId session : dropped) { // never begins again, so nothing above is of it
            batch.delete(family, RequestKey.session(region, session));
            for (byte kind : new byte[] {RequestKey.SLOT, RequestKey.BLOCK}) {
                batch.deleteRange(
                        family,
                        RequestKey.before(kind, region, session),
                        RequestKey.behind(kind, region, session));
            }
        }
        batch.put(
                family,
                RequestKey.clock(region),
                ByteBuffer.allocate(2 * Long.BYTES)
                        .putLong(table.clockMillis())
                        .putLong(table.rememberedFromMillis())
                        .array());
    }

    private void put(Session session, long block, ColumnFamilyHandle family, WriteBatch batch)
            throws RocksDBException {
        Map<Long, byte[]> outcomes = session.outcomes(block);
        if (outcomes.isEmpty()) {
            return; // forgotten within the batch; another block may have the place by now
        }
        batch.put(
                family,
                RequestKey.block(region, session.id(), block),
                OutcomeBlock.encode(block, outcomes));
    }
}
