package io.flaredb.server.region;

import io.flaredb.proto.meta.Peer;
import io.flaredb.proto.meta.Region;

/**
 * What a leader asks of the stores of other peers. Both methods may be repeated and block until
 * they are done.
 */
public interface OtherStores {
    /**
     * Makes an empty replica on the peer's store.
     *
     * @param region as it is, without the peer
     * @throws IllegalArgumentException if there is no such store
     * @throws ChangeRefusedException if it does not answer or refuses
     */
    void createReplica(Region region, Peer peer);

    /**
     * Removes the replica of a peer that is a member no more.
     *
     * @param region as it is, without the peer
     * @throws IllegalArgumentException if there is no such store
     * @throws ChangeRefusedException if it does not answer or refuses
     */
    void destroyReplica(Region region, Peer peer);
}
