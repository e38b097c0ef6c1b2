package io.flaredb.client;

import io.flaredb.bytes.KeyRange;
import java.util.List;
import java.util.OptionalLong;

/**
 * A region: a contiguous range of keys served as one unit.
 *
 * @param id unsigned, never 0
 * @param epoch the version of this description
 * @param peerStoreIds the stores that hold a replica
 * @param leaderStoreId the store that serves the region; empty: not known
 * @param term of the leader: raised with each election; 0: not known
 * @param approximateSizeBytes as RocksDB estimates it, both key spaces
 * @param appliedIndex index of the last command applied, as of the last heartbeat
 */
public record RegionInfo(
        long id,
        KeyRange range,
        Epoch epoch,
        List<Long> peerStoreIds,
        OptionalLong leaderStoreId,
        long term,
        long approximateSizeBytes,
        long appliedIndex) {

    /**
     * The version of a region's description.
     *
     * @param confVersion raised when the set of replicas changes
     * @param version raised when the key range changes
     */
    public record Epoch(long confVersion, long version) {}

    public RegionInfo {
        peerStoreIds = List.copyOf(peerStoreIds);
    }
}
