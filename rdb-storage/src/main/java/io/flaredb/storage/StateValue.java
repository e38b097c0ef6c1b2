package io.flaredb.storage;

import java.nio.ByteBuffer;
import java.util.UUID;

/** The values of column family {@code raft_state}, as drawn at {@link StateKey}. */
final class StateValue {
    private static final int IDENTITY_BYTES = 1 + 4 * Long.BYTES;

    private StateValue() {}

    static byte[] ofU32(int value) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(value).array();
    }

    static int toU32(StateKey key, byte[] stored) {
        checkSize(key, stored, Integer.BYTES);
        return ByteBuffer.wrap(stored).getInt();
    }

    static byte[] ofU64(long value) {
        return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    }

    static long toU64(StateKey key, byte[] stored) {
        checkSize(key, stored, Long.BYTES);
        return ByteBuffer.wrap(stored).getLong();
    }

    static byte[] ofIdentity(StoreIdentity identity) {
        return ByteBuffer.allocate(IDENTITY_BYTES)
                .put(roleCode(identity.role()))
                .putLong(identity.uuid().getMostSignificantBits())
                .putLong(identity.uuid().getLeastSignificantBits())
                .putLong(identity.clusterId())
                .putLong(identity.storeId())
                .array();
    }

    static StoreIdentity toIdentity(byte[] stored) {
        checkSize(StateKey.IDENTITY, stored, IDENTITY_BYTES);
        ByteBuffer in = ByteBuffer.wrap(stored);
        return new StoreIdentity(
                roleOf(in.get()), new UUID(in.getLong(), in.getLong()), in.getLong(), in.getLong());
    }

    private static byte roleCode(Role role) {
        return switch (role) {
            case PLACEMENT_DRIVER -> 1;
            case STORE -> 2;
        };
    }

    private static Role roleOf(byte code) {
        for (Role role : Role.values()) {
            if (roleCode(role) == code) {
                return role;
            }
        }
        throw new CorruptionException("the stored identity has the unknown role " + code, null);
    }

    private static void checkSize(StateKey key, byte[] stored, int sizeBytes) {
        if (stored.length != sizeBytes) {
            throw new CorruptionException(
                    "%s of region %s is stored in %d bytes instead of %d"
                            .formatted(key.kind(), key.region(), stored.length, sizeBytes),
                    null);
        }
    }
}
