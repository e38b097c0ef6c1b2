package io.flaredb.pd;

import io.flaredb.pd.DurableState.Change;
import io.flaredb.proto.pd.RegisterStoreRequest;
import io.flaredb.rpc.HostAndPort;
import io.flaredb.rpc.UuidBytes;
import io.flaredb.storage.KeyValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A store that makes itself known, checked and decided on. The same data folder gets the same store
 * id however often it asks; an id is durable before it is told, so none is given twice.
 *
 * <p>An address belongs to one store. From one that is silent another may take it:
 *
 * <ul>
 *   <li>A store that is new takes the place of the old one too: its server was started with an
 *       empty data folder. The regions' peers on the old store are to be replaced, see {@link
 *       StoreReplacement}.
 *   <li>A store that is known has moved there. It takes the address only: both have data, and the
 *       old one may come back elsewhere.
 * </ul>
 *
 * <p>A replaced store that registers again, under whatever address, is replaced no more: its data
 * folder is back, and with it the votes of its peers, so those that are still members of their
 * regions are as good as any. Peers that were replaced by then stay so; where the new peer is there
 * and the old one not gone yet, the region keeps both.
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

    /**
     * @param isSilent whether a store was not heard of for {@code silence}
     */
    Change decide(
            PlacementState state,
            long ourClusterId,
            long nowMillis,
            LongPredicate isSilent,
            Duration silence) {
        StoreRecord known = state.storeOf(uuid);
        checkBelongs(known, ourClusterId);
        StoreRecord owner = otherOwner(state);
        if (owner != null && !isSilent.test(owner.id())) {
            throw addressTaken(owner, nowMillis, silence);
        }
        PlacementState next = state;
        List<KeyValue> records = new ArrayList<>();
        StoreRecord store =
                known == null
                        ? new StoreRecord(state.nextStoreId(), uuid, address, nowMillis)
                        // Without a network it keeps the address that it will serve at again.
                        : known.registered(
                                address.isEmpty() ? known.address() : address, nowMillis);
        if (owner != null) {
            StoreRecord displaced =
                    owner.displaced(known == null ? store.id() : owner.replacedBy());
            next = next.withStore(displaced);
            records.add(PlacementRecords.store(displaced));
        }
        next = next.withStore(store);
        records.add(PlacementRecords.store(store));
        if (known == null) {
            records.add(PlacementRecords.nextStoreId(next.nextStoreId()));
        }
        return new Change(next, records);
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

    private @Nullable StoreRecord otherOwner(PlacementState state) {
        StoreRecord owner = address.isEmpty() ? null : state.storeAt(address);
        return owner == null || owner.uuid().equals(uuid) ? null : owner;
    }

    private PlacementDriverException addressTaken(
            StoreRecord owner, long nowMillis, Duration silence) {
        return new PlacementDriverException.AddressTaken(
                ("address %s is registered to store %s, which has other data and was heard of %.1f"
                                + " s ago: start with that store's data folder, or serve at another"
                                + " address, or, if its data is lost, try again once it has not"
                                + " been heard of for %d s")
                        .formatted(
                                address,
                                Long.toUnsignedString(owner.id()),
                                Math.max(0, nowMillis - owner.lastHeardMillis()) / 1e3,
                                silence.toSeconds()));
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
