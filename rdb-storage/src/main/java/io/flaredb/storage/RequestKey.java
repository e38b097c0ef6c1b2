package io.flaredb.storage;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import java.nio.ByteBuffer;

/**
 * Keys and values of column family {@code requests}, which remembers how numbered writes ended. All
 * numbers are u64 big-endian but for kinds (u8) and slots (u32).
 *
 * <pre>
 * key                                                value
 * [region id][1]                                     [clock ms][remembered from ms]
 * [region id][2][client id][session start ms]        [lowest][last active ms][last place in the log]
 * [region id][3][client id][session start ms][slot]  [sequence][outcome, see OutcomeCodec]
 * </pre>
 *
 * <p>A place in the log is its index times 1,024 plus the number of the command in an entry of
 * several; data of before there were such entries has the bare index, which is below all those.
 *
 * <p>A slot is the sequence modulo {@link RequestTable#WINDOW}: a later write takes the place of
 * one that has left the window, so nothing needs to be deleted. What a slot holds counts only if
 * its sequence is at or above the session's lowest.
 */
final class RequestKey {
    static final byte CLOCK = 1;
    static final byte SESSION = 2;
    static final byte SLOT = 3;

    private static final int SESSION_BYTES = 3 * Long.BYTES + 1;

    private RequestKey() {}

    static byte[] clock(RegionId region) {
        return ByteBuffer.allocate(Long.BYTES + 1).putLong(region.value()).put(CLOCK).array();
    }

    static byte[] session(RegionId region, SessionId session) {
        return start(SESSION, region, session, 0).array();
    }

    static byte[] slot(RegionId region, SessionId session, long sequence) {
        int slot = (int) (sequence % RequestTable.WINDOW);
        return start(SLOT, region, session, Integer.BYTES).putInt(slot).array();
    }

    /** Before all slots of a session. */
    static byte[] beforeSlots(RegionId region, SessionId session) {
        return start(SLOT, region, session, 0).array();
    }

    /** Behind all slots of a session. */
    static byte[] behindSlots(RegionId region, SessionId session) {
        return start(SLOT, region, session, Integer.BYTES + 1).putInt(-1).array();
    }

    private static ByteBuffer start(byte kind, RegionId region, SessionId session, int more) {
        return ByteBuffer.allocate(SESSION_BYTES + more)
                .putLong(region.value())
                .put(kind)
                .putLong(session.clientId())
                .putLong(session.startMillis());
    }

    /** All that is remembered of a region. */
    static KeyRange range(RegionId region) {
        return new KeyRange(prefix(region.value()), prefix(region.value() + 1));
    }

    private static Bytes prefix(long regionId) {
        return Bytes.wrap(ByteBuffer.allocate(Long.BYTES).putLong(regionId).array());
    }
}
