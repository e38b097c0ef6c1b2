package io.flaredb.storage;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import java.nio.ByteBuffer;

/**
 * Keys and values of column family {@code requests}, which remembers how numbered writes ended. All
 * numbers are u64 big-endian but for kinds (u8), slots and places (u32).
 *
 * <pre>
 * key                                                 value
 * [region id][1]                                      [clock ms][remembered from ms]
 * [region id][2][client id][session start ms]         [lowest][last active ms][last place in the log]
 * [region id][3][client id][session start ms][slot]   [sequence][outcome, see OutcomeCodec]
 * [region id][4][client id][session start ms][place]  see OutcomeBlock
 * </pre>
 *
 * <p>A place in the log is its index times 1,024 plus the number of the command in an entry of
 * several; data of before there were such entries has the bare index, which is below all those.
 *
 * <p>A block's place is its number modulo {@link OutcomeBlock#PLACES}: a later block takes the
 * place of one that has left the window, so nothing needs to be deleted. What a block holds counts
 * only as far as its sequences are at or above the session's lowest.
 *
 * <p>Slots are read and deleted but not written any more: until format 4 each outcome was a record
 * of its own, its slot the sequence modulo {@link RequestTable#WINDOW}. They count as blocks do.
 * What is in both is the same.
 */
final class RequestKey {
    static final byte CLOCK = 1;
    static final byte SESSION = 2;
    static final byte SLOT = 3;
    static final byte BLOCK = 4;

    private static final int SESSION_BYTES = 3 * Long.BYTES + 1;

    private RequestKey() {}

    static byte[] clock(RegionId region) {
        return ByteBuffer.allocate(Long.BYTES + 1).putLong(region.value()).put(CLOCK).array();
    }

    static byte[] session(RegionId region, SessionId session) {
        return start(SESSION, region, session, 0).array();
    }

    static byte[] block(RegionId region, SessionId session, long block) {
        return start(BLOCK, region, session, Integer.BYTES)
                .putInt(OutcomeBlock.place(block))
                .array();
    }

    /** Before all slots or blocks of a session. */
    static byte[] before(byte kind, RegionId region, SessionId session) {
        return start(kind, region, session, 0).array();
    }

    /** Behind all slots or blocks of a session. */
    static byte[] behind(byte kind, RegionId region, SessionId session) {
        return start(kind, region, session, Integer.BYTES + 1).putInt(-1).array();
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
