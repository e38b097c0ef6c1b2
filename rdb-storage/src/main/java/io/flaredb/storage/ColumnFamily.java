package io.flaredb.storage;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The column families of a store: exactly these. */
enum ColumnFamily {
    /** Raw records: user key to value. RocksDB insists on the name. */
    RAW("default"),
    /** Compare-and-swap records: user key to {@link CasRecord}. */
    CAS("cas"),
    /** {@code [region id u64][log index u64]} to log entry, opaque; see {@link RaftLog}. */
    RAFT_LOG("raft_log"),
    /** {@link StateKey} to what the kind says. */
    RAFT_STATE("raft_state"),
    /** {@link RequestKey}: how numbered writes ended. */
    REQUESTS("requests");

    private final String familyName;

    ColumnFamily(String familyName) {
        this.familyName = familyName;
    }

    String familyName() {
        return familyName;
    }

    byte[] nameBytes() {
        return familyName.getBytes(StandardCharsets.UTF_8);
    }

    static @Nullable ColumnFamily named(String name) {
        for (ColumnFamily family : values()) {
            if (family.familyName.equals(name)) {
                return family;
            }
        }
        return null;
    }
}
