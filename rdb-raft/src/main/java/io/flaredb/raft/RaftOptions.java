package io.flaredb.raft;

/**
 * How a store runs its groups.
 *
 * @param clusterId unsigned, not 0; groups of different clusters never hear each other
 * @param storeId this store, unsigned, not 0
 * @param maxProposals most proposals of one group that wait to be logged; the next is refused with
 *     {@link GroupBusyException}; a power of two, 64 to 65,536
 * @param snapshotAfterEntries applied entries after which the log is cut again; at least 1
 * @param snapshotAfterBytes the same in bytes; at least 1
 * @param sendBytesPerSecond most that this store sends to replicas that start anew, together; at
 *     least 1
 */
public record RaftOptions(
        long clusterId,
        long storeId,
        RaftTiming timing,
        int maxProposals,
        long snapshotAfterEntries,
        long snapshotAfterBytes,
        long sendBytesPerSecond) {
    public RaftOptions {
        if (clusterId == 0 || storeId == 0) {
            throw new IllegalArgumentException("cluster and store id must not be 0");
        }
        if (maxProposals < 64 || maxProposals > 65_536 || Integer.bitCount(maxProposals) != 1) {
            throw new IllegalArgumentException(
                    "raft.max-proposals is %d: allowed are powers of two from 64 to 65536"
                            .formatted(maxProposals));
        }
        requirePositive("raft.snapshot-after-entries", snapshotAfterEntries);
        requirePositive("raft.snapshot-after-bytes", snapshotAfterBytes);
        requirePositive("raft.send-bytes-per-second", sendBytesPerSecond);
    }

    /** 1,024 proposals, a cut every 100,000 entries or 64 MiB, 64 MiB/s. */
    public static RaftOptions defaults(long clusterId, long storeId) {
        return new RaftOptions(
                clusterId, storeId, RaftTiming.defaults(), 1_024, 100_000, 64L << 20, 64L << 20);
    }

    /** The same with other timing. */
    public RaftOptions withTiming(RaftTiming other) {
        return new RaftOptions(
                clusterId,
                storeId,
                other,
                maxProposals,
                snapshotAfterEntries,
                snapshotAfterBytes,
                sendBytesPerSecond);
    }

    /** The same, cutting the log after another number of entries. */
    public RaftOptions withSnapshotAfterEntries(long other) {
        return new RaftOptions(
                clusterId,
                storeId,
                timing,
                maxProposals,
                other,
                snapshotAfterBytes,
                sendBytesPerSecond);
    }

    private static void requirePositive(String key, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(key + " is " + value + ": allowed are 1 and more");
        }
    }
}
