package io.flaredb.client;

import io.flaredb.bytes.Bytes;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** How a batch of compare-and-swaps ended. Both are ordinary answers. */
public sealed interface CasBatchResult {
    /**
     * Every key was at its expected version, and all operations are done, durably.
     *
     * @param versions the version each key is at now, in the order of the operations, unsigned; 0:
     *     it is absent. Of a check it is the expected one.
     */
    record Swapped(Map<Bytes, Long> versions) implements CasBatchResult {
        public Swapped {
            versions = inOrder(versions);
        }
    }

    /**
     * At least one key was at another version; nothing has changed.
     *
     * @param currentVersions the version each key is at, those of the expected version included, in
     *     the order of the operations, unsigned; 0: it is absent
     */
    record Conflict(Map<Bytes, Long> currentVersions) implements CasBatchResult {
        public Conflict {
            currentVersions = inOrder(currentVersions);
        }
    }

    private static Map<Bytes, Long> inOrder(Map<Bytes, Long> versions) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(versions));
    }
}
