package io.flaredb.storage;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/** What one batch changes in a region's {@link RequestTable}, to be written with its effects. */
final class RequestChanges {
    private final RegionId region;
    private final RequestTable table;
    private final List<Slot> slots = new ArrayList<>();
    private final Set<Session> touched = new LinkedHashSet<>();
    private final List<SessionId> dropped = new ArrayList<>();

    private record Slot(SessionId session, long sequence, byte[] outcome) {}

    RequestChanges(RegionId region, RequestTable table) {
        this.region = region;
        this.table = table;
    }

    RequestTable table() {
        return table;
    }

    void outcome(SessionId session, long sequence, byte[] outcome) {
        slots.add(new Slot(session, sequence, outcome));
    }

    void touched(Session session) {
        touched.add(session);
    }

    void dropped(Session session) {
        touched.remove(session);
        dropped.add(session.id());
    }

    void fill(Database database, WriteBatch batch) throws RocksDBException {
        ColumnFamilyHandle family = database.handle(ColumnFamily.REQUESTS);
        for (Slot slot : slots) {
            batch.put(
                    family,
                    RequestKey.slot(region, slot.session(), slot.sequence()),
                    ByteBuffer.allocate(Long.BYTES + slot.outcome().length)
                            .putLong(slot.sequence())
                            .put(slot.outcome())
                            .array());
        }
        for (Session session : touched) {
            batch.put(
                    family,
                    RequestKey.session(region, session.id()),
                    ByteBuffer.allocate(3 * Long.BYTES)
                            .putLong(session.lowest())
                            .putLong(session.lastActiveMillis())
                            .putLong(session.lastPlace())
                            .array());
        }
        for (SessionId session : dropped) { // last: it may have slots above
            batch.delete(family, RequestKey.session(region, session));
            batch.deleteRange(
                    family,
                    RequestKey.beforeSlots(region, session),
                    RequestKey.behindSlots(region, session));
        }
        batch.put(
                family,
                RequestKey.clock(region),
                ByteBuffer.allocate(2 * Long.BYTES)
                        .putLong(table.clockMillis())
                        .putLong(table.rememberedFromMillis())
                        .array());
    }
}
