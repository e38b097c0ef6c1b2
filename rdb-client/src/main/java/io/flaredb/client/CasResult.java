package io.flaredb.client;

import io.flaredb.bytes.Bytes;
import java.util.Optional;

/** How a compare-and-swap or compare-and-delete ended. Both are ordinary answers. */
public sealed interface CasResult {
    /**
     * The key was at the expected version, and the write is durable.
     *
     * @param version the version the key is at now, unsigned: one above the expected one; for a
     *     create one above every version the key ever had; 0 after a delete
     */
    record Swapped(long version) implements CasResult {}

    /**
     * The key was at another version; nothing has changed.
     *
     * @param currentVersion unsigned; 0: the key is absent
     * @param currentValue empty: the key is absent; in a {@link Resolution}, where it is not
     *     remembered, always
     */
    record Conflict(long currentVersion, Optional<Bytes> currentValue) implements CasResult {}
}
