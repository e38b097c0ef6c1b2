package io.flaredb.storage;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;

/** The request tables of all regions: read when they are first asked for. Thread-safe. */
final class RequestRecords {
    private final LiveDatabase live;
    private final Map<RegionId, RequestTable> tables = new ConcurrentHashMap<>();

    RequestRecords(LiveDatabase live) {
        this.live = live;
    }

    RequestTable of(RegionId region) {
        return tables.computeIfAbsent(
                region,
                id ->
                        live.use(database -> {
                            try (ReadOptions options = new ReadOptions()) {
                                return read(database, options, id);
                            }
                        }));
    }

    /** What is stored has been changed by others than the table, or the table in vain. */
    void reload(RegionId region) {
        tables.remove(region);
    }

    /** As {@link #reload(RegionId)}, of all. */
    void reload() {
        tables.clear();
    }

    /**
     * @throws CorruptionException if what is stored is none of what {@link RequestKey} draws
     */
    static RequestTable read(Database database, ReadOptions options, RegionId region) {
        Reading reading = new Reading();
        byte[] end = RequestKey.range(region).endExclusive().unsafeArray();
        try (Slice bound = new Slice(end);
                ReadOptions bounded = new ReadOptions(options).setIterateUpperBound(bound);
                RocksIterator stored = database.iterator(ColumnFamily.REQUESTS, bounded)) {
            stored.seek(RequestKey.range(region).startInclusive().unsafeArray());
            for (; stored.isValid(); stored.next()) {
                reading.take(ByteBuffer.wrap(stored.key()), ByteBuffer.wrap(stored.value()));
            }
            database.checkEnd(stored);
        } catch (BufferUnderflowException e) {
            throw OutcomeCodec.garbled();
        }
        return reading.table();
    }

    /** Takes the records in the order of their keys: sessions before their outcomes. */
    private static final class Reading {
        private final Map<SessionId, Session> sessions = new LinkedHashMap<>();
        private long clockMillis;
        private long rememberedFromMillis;

        void take(ByteBuffer key, ByteBuffer value) {
            key.getLong(); // the region
            byte kind = key.get();
            switch (kind) {
                case RequestKey.CLOCK -> {
                    clockMillis = value.getLong();
                    rememberedFromMillis = value.getLong();
                }
                case RequestKey.SESSION -> {
                    SessionId id = new SessionId(key.getLong(), key.getLong());
                    sessions.put(
                            id, new Session(id, value.getLong(), value.getLong(), value.getLong()));
                }
                case RequestKey.SLOT -> {
                    Session session = session(key);
                    long sequence = value.getLong();
                    byte[] outcome = new byte[value.remaining()];
                    value.get(outcome);
                    if (outcome.length == 0) {
                        throw OutcomeCodec.garbled();
                    }
                    remember(session, sequence, outcome);
                }
                case RequestKey.BLOCK -> {
                    Session session = session(key);
                    OutcomeBlock.decode(
                            key.getInt(),
                            value,
                            (outcome, sequence) -> remember(session, sequence, outcome));
                }
                default -> throw OutcomeCodec.garbled();
            }
        }

        private Session session(ByteBuffer key) {
            Session session = sessions.get(new SessionId(key.getLong(), key.getLong()));
            if (session == null) {
                throw OutcomeCodec.garbled();
            }
            return session;
        }

        private static void remember(Session session, long sequence, byte[] outcome) {
            if (sequence >= session.lowest()) {
                session.remember(sequence, outcome);
            }
        }

        RequestTable table() {
            List<Session> byActivity = new ArrayList<>(sessions.values());
            byActivity.sort(Comparator.comparingLong(Session::lastPlace));
            return new RequestTable(clockMillis, rememberedFromMillis, byActivity);
        }
    }
}
