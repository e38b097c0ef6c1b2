package io.flaredb.storage;

import io.flaredb.bytes.Bytes;
import java.nio.ByteBuffer;

/**
 * A key of column family {@code raft_state}.
 *
 * <pre>
 *  0           8      9
 * +-----------+------+
 * | region id | kind |     region id 0: the store itself
 * | u64 BE    | u8   |
 * +-----------+------+
 *
 * kind                 value
 * 1 format             [format version u32 BE]; region 0 only; its presence says that the creation
 *                      of the store was completed
 * 2 identity           [role u8][uuid 16 bytes][cluster id u64 BE][store id u64 BE]; region 0 only
 * 3 descriptor         opaque; never region 0
 * 4 applied index      [u64 BE]; absent: 0
 * 5 version floor      [u64 BE]; absent: 0
 * 6 hard state         [term u64 BE][vote, the rest; empty: none]
 * 7 log start          [u64 BE] first index of the log; absent: 1
 * 8 configurations     [u64 BE]...: indexes of the log entries that change the group's members
 * 9 snapshot           opaque: what was reached when the log was last cut
 * 10 installing        empty: the region's records are neither the old ones nor the new; [u8 1]: they
 *                      are being removed for good; absent: neither
 * </pre>
 *
 * <p>Applied index and version floor of a replicated region are written without RocksDB's log, like
 * the records they belong to, and reach the disk in the same flush; everything else is logged and
 * synced. That both lie in one column family is safe because no key is ever written both ways while
 * a region is replicated: what the log brings back after a crash never touches the first two.
 */
record StateKey(RegionId region, Kind kind) {
    private static final int SIZE_BYTES = Long.BYTES + 1;

    static final StateKey FORMAT = new StateKey(RegionId.STORE, Kind.FORMAT);
    static final StateKey IDENTITY = new StateKey(RegionId.STORE, Kind.IDENTITY);

    enum Kind {
        FORMAT(1),
        IDENTITY(2),
        DESCRIPTOR(3),
        APPLIED_INDEX(4),
        VERSION_FLOOR(5),
        HARD_STATE(6),
        LOG_START(7),
        CONFIGURATIONS(8),
        SNAPSHOT(9),
        INSTALLING(10);

        private final int code;

        Kind(int code) {
            this.code = code;
        }
    }

    byte[] encode() {
        return ByteBuffer.allocate(SIZE_BYTES)
                .putLong(region.value())
                .put((byte) kind.code)
                .array();
    }

    /**
     * @throws CorruptionException if {@code stored} is no key of this layout
     */
    static StateKey decode(byte[] stored) {
        if (stored.length == SIZE_BYTES) {
            for (Kind kind : Kind.values()) {
                if (kind.code == stored[SIZE_BYTES - 1]) {
                    return new StateKey(new RegionId(ByteBuffer.wrap(stored).getLong()), kind);
                }
            }
        }
        throw new CorruptionException(
                "column family raft_state has a key of unknown kind: " + Bytes.wrap(stored), null);
    }
}
