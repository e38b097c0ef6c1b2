package io.flaredb.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/** Stores of format 4, which kept each outcome in a slot of its own. */
class OldSlotsTest extends EngineTest {
    private static final SessionId SESSION = new SessionId(0xfeed, 1_000);
    private static final SessionId IDLE = new SessionId(0xbeef, 1_000);
    private static final long LOWEST = RequestTable.WINDOW - 10; // some are behind the ring's end
    private static final long HIGHEST = RequestTable.WINDOW + 30;
    private static final Command PUT = new Command.RawPut(Bytes.utf8("k"), Bytes.utf8("v"));

    @TempDir Path otherDir;
    private long index = 1;

    @BeforeEach
    void openAStoreOfFormat4() throws RocksDBException {
        put("k", "v");
        engine.close();
        try (DataFolder folder = DataFolder.hold(dir);
                Database database = Database.open(folder, SMALL);
                WriteBatch batch = new WriteBatch()) {
            var requests = database.handle(ColumnFamily.REQUESTS);
            batch.put(requests, RequestKey.clock(REGION), longs(1_500, 0));
            batch.put(requests, RequestKey.session(REGION, SESSION), longs(LOWEST, 1_500, 2_048));
            batch.put(requests, RequestKey.session(REGION, IDLE), longs(1, 1_200, 1_024));
            batch.put(requests, slot(SESSION, 40), swapped(40, 40)); // below the lowest
            for (long sequence = LOWEST; sequence <= HIGHEST; sequence++) {
                batch.put(requests, slot(SESSION, sequence), swapped(sequence, sequence));
            }
            batch.put(requests, slot(IDLE, 3), swapped(3, 33));
            batch.put(
                    database.handle(ColumnFamily.RAFT_STATE),
                    StateKey.FORMAT.encode(),
                    StateValue.ofU32(4));
            database.write(batch);
        }
        engine = StorageEngine.open(dir, SMALL);
    }

    private static byte[] longs(long... values) {
        ByteBuffer out = ByteBuffer.allocate(values.length * Long.BYTES);
        for (long value : values) {
            out.putLong(value);
        }
        return out.array();
    }

    private static byte[] slot(SessionId session, long sequence) {
        return ByteBuffer.allocate(29)
                .putLong(REGION.value())
                .put((byte) 3)
                .putLong(session.clientId())
                .putLong(session.startMillis())
                .putInt((int) (sequence % 8_192))
                .array();
    }

    /** With the version as the outcome. */
    private static byte[] swapped(long sequence, long version) {
        return ByteBuffer.allocate(17).putLong(sequence).put((byte) 2).putLong(version).array();
    }

    private Fate apply(SessionId session, long sequence) {
        RequestId id = new RequestId(session.clientId(), session.startMillis(), sequence, 1);
        try (ApplyBatch batch = engine.replicas().newBatch()) {
            Fate fate = batch.apply(REGION, ++index, id, 2_000, PUT);
            batch.commit();
            return fate;
        }
    }

    private void forgetIdle(long beforeMillis) {
        try (ApplyBatch batch = engine.replicas().newBatch()) {
            batch.forgetIdle(REGION, ++index, beforeMillis);
            batch.commit();
        }
        engine.replicas().flush();
        reopen();
    }

    /** The kinds of all records, in order; the engine is reopened. */
    private List<Byte> storedKinds() {
        engine.close();
        List<byte[]> keys = RawStore.keys(dir, ColumnFamily.REQUESTS);
        engine = StorageEngine.open(dir, SMALL);
        return keys.stream().map(key -> key[Long.BYTES]).toList();
    }

    @Test
    void countAsTheyDidThen() {
        assertThat(Remembered.of(engine)).hasSize(1 + 2 + 1 + (int) (HIGHEST - LOWEST + 1));
        for (long sequence = LOWEST; sequence <= HIGHEST; sequence++) {
            assertThat(apply(SESSION, sequence))
                    .isEqualTo(new Fate.Repeat(new Outcome.Swapped(sequence)));
        }
        assertThat(apply(IDLE, 3)).isEqualTo(new Fate.Repeat(new Outcome.Swapped(33)));
        assertThat(apply(SESSION, 40)).isInstanceOf(Fate.Forgotten.class);
        assertThat(apply(SESSION, LOWEST - 1)).isInstanceOf(Fate.Forgotten.class);
    }

    @Test
    void countBesideTheBlocksThatComeAfterThem() {
        for (long sequence = HIGHEST + 1; sequence <= HIGHEST + 20; sequence++) {
            assertThat(apply(SESSION, sequence)).isEqualTo(new Fate.First(new Outcome.Written()));
        }
        Map<String, String> before = Remembered.of(engine);
        assertThat(storedKinds()).contains(RequestKey.BLOCK);
        assertThat(Remembered.of(engine)).isEqualTo(before);
        assertThat(apply(SESSION, HIGHEST))
                .isEqualTo(new Fate.Repeat(new Outcome.Swapped(HIGHEST)));
        apply(SESSION, LOWEST + RequestTable.WINDOW + 5); // and not the six lowest
        Map<String, String> later = Remembered.of(engine);
        reopen();
        assertThat(Remembered.of(engine)).isEqualTo(later);
        assertThat(apply(SESSION, LOWEST + 5)).isInstanceOf(Fate.Forgotten.class);
    }

    @Test
    void goWithTheirSession() {
        apply(IDLE, 4);
        apply(SESSION, HIGHEST + 1);
        try (ApplyBatch batch = engine.replicas().newBatch()) { // goes on, where IDLE does not
            RequestId id = new RequestId(SESSION.clientId(), SESSION.startMillis(), HIGHEST, 1);
            batch.apply(REGION, ++index, id, 3_000, PUT);
            batch.commit();
        }
        forgetIdle(2_001);
        List<Byte> left = storedKinds();
        assertThat(left).containsOnlyOnce(RequestKey.SESSION, RequestKey.BLOCK);
        assertThat(left).hasSize(3 + (int) (HIGHEST - LOWEST + 2)); // with the slot of 40
        forgetIdle(3_001);
        assertThat(storedKinds()).containsExactly(RequestKey.CLOCK);
    }

    @Test
    void areRememberedByAReplicaMadeFromTables() {
        apply(SESSION, HIGHEST + 1);
        try (StorageEngine other = StorageEngine.open(otherDir, SMALL)) {
            Path folder = engine.replicas().staging("out");
            RegionTables tables =
                    engine.replicas().export(REGION, KeyRange.ALL, folder, () -> false);
            other.replicas().install(REGION, KeyRange.ALL, tables, 0, new byte[] {1}, () -> {});
            assertThat(Remembered.of(other)).isEqualTo(Remembered.of(engine));
            assertThat(Remembered.digest(other)).isEqualTo(Remembered.digest(engine));
        }
    }
}
