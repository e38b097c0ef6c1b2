package io.flaredb.storage;

import java.util.UUID;

/**
 * Who a data folder belongs to. What is once known never changes.
 *
 * @param role kind of process
 * @param uuid made up when the folder was created
 * @param clusterId unsigned; 0: not known yet
 * @param storeId unsigned; 0: not known yet, or a placement driver
 */
public record StoreIdentity(Role role, UUID uuid, long clusterId, long storeId) {
    /** Whether {@code next} only adds what is not known here. */
    boolean mayBecome(StoreIdentity next) {
        return role == next.role
                && uuid.equals(next.uuid)
                && (clusterId == 0 || clusterId == next.clusterId)
                && (storeId == 0 || storeId == next.storeId);
    }
}
