package io.flaredb.pd;

import io.flaredb.pd.DurableState.Change;
import io.flaredb.proto.pd.RegisterStoreRequest;
import io.flaredb.proto.pd.StoreStats;
import io.flaredb.rpc.HostAndPort;
import io.flaredb.rpc.UuidBytes;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A store that makes itself known, checked and decided on. The same data folder gets the same store
 * id however often it asks; an id is durable before it is told, so none is given twice.
 *
 * @param clusterId what the store's data folder says, 0: nothing yet
 * @param storeId likewise
 * @param address canonical; empty: serves in its own process only
 */
record StoreRegistration(UUID uuid, long clusterId, long storeId, String address) {
    /** Reads a request that may hold anything. */
    static StoreRegistration of(RegisterStoreRequest request) {
        if (request.getStoreUuid().size() != UuidBytes.LENGTH) {
            throw new PlacementDriverException.InvalidRequest(
                    "store_uuid has %d bytes: it must have 16"
                            .formatted(request.getStoreUuid().size()));
        }
        return new StoreRegistration(
                UuidBytes.decode(request.getStoreUuid().toByteArray()),
                request.getClusterId(),
                request.getStoreId(),
                canonical(request.getAddress()));
    }

    Change decide(PlacementState state, long ourClusterId, long nowMillis) {
        StoreRecord known = state.storeOf(uuid);
        checkBelongs(known, ourClusterId);
        checkAddress(state);
        if (known != null) {
            // Without a network the store keeps the address it will serve at again.
            String next = address.isEmpty() ? known.address() : address;
            StoreRecord heard = known.heard(next, nowMillis);
            return new Change(state.withStore(heard), List.of(PlacementRecords.store(heard)));
        }
        StoreRecord added =
                new StoreRecord(
                        state.nextStoreId(),
                        uuid,
                        address,
                        nowMillis,
                        StoreStats.getDefaultInstance());
        PlacementState next = state.withStore(added);
        return new Change(
                next,
                List.of(
                        PlacementRecords.store(added),
                        PlacementRecords.nextStoreId(next.nextStoreId())));
    }

    private void checkBelongs(@Nullable StoreRecord known, long ourClusterId) {
        if (clusterId != 0 && clusterId != ourClusterId) {
            throw new PlacementDriverException.WrongCluster(
                    "data folder belongs to cluster %s, this placement driver serves cluster %s"
                            .formatted(
                                    Long.toUnsignedString(clusterId),
                                    Long.toUnsignedString(ourClusterId)));
        }
        if (known == null && (clusterId != 0 || storeId != 0)) {
            throw new PlacementDriverException.WrongCluster(
                    "data folder says it is store %s of cluster %s, but this placement driver does"
                                    .formatted(
                                            Long.toUnsignedString(storeId),
                                            Long.toUnsignedString(ourClusterId))
                            + " not know it: one of the two data folders was replaced");
        }
        if (known != null && storeId != 0 && storeId != known.id()) {
            throw new PlacementDriverException.WrongCluster(
                    "data folder says it is store %s, this placement driver knows it as store %s"
                            .formatted(
                                    Long.toUnsignedString(storeId),
                                    Long.toUnsignedString(known.id())));
        }
    }

    private void checkAddress(PlacementState state) {
        StoreRecord owner = address.isEmpty() ? null : state.storeAt(address);
        if (owner != null && !owner.uuid().equals(uuid)) {
            throw new PlacementDriverException.AddressTaken(
                    "address %s is registered to store %s, which has other data: start with that"
                                    .formatted(address, Long.toUnsignedString(owner.id()))
                            + " store's data folder, or serve at another address");
        }
    }

    private static String canonical(String address) {
        if (address.isEmpty()) {
            return address;
        }
        HostAndPort parsed;
        try {
            parsed = HostAndPort.parse(address);
        } catch (IllegalArgumentException e) {
            throw new PlacementDriverException.InvalidRequest(String.valueOf(e.getMessage()));
        }
        if (parsed.port() == 0) {
            throw new PlacementDriverException.InvalidRequest(
                    "address \"" + address + "\" has port 0: a store registers its real port");
        }
        return parsed.toString();
    }
}
