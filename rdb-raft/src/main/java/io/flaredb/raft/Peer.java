package io.flaredb.raft;

/**
 * One replica of a region.
 *
 * <p>Replicas are known by their ids and never by an address, so a store may move; and a replica
 * that is made anew on the same store gets a new peer id, so votes that the lost one gave bind
 * nobody.
 *
 * @param storeId the store it lies on, unsigned, not 0
 * @param peerId unsigned, not 0, never reused
 */
public record Peer(long storeId, long peerId) {
    public Peer {
        if (storeId == 0 || peerId == 0) {
            throw new IllegalArgumentException("store and peer id must not be 0");
        }
    }

    @Override
    public String toString() {
        return Long.toUnsignedString(storeId) + "-" + Long.toUnsignedString(peerId);
    }
}
